"""Several threads of one process may bring the schema up to date at once."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from bg_orchestration.store.database import check_schema, engine_for, upgrade_schema


def test_threads_that_upgrade_at_once_wait_for_each_other(tmp_path: Path) -> None:
    engines = [engine_for(f"sqlite:///{tmp_path / str(number)}.sqlite3") for number in (1, 2, 1)]
    with ThreadPoolExecutor(3) as pool:
        list(pool.map(upgrade_schema, engines))
    for engine in engines:
        check_schema(engine)
