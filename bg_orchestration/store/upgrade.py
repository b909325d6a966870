"""The upgrade of the tables, one migration and one transaction at a time.

A migration has a `phase`. One of the phase `before` only adds: it runs before the new code, and the
code of the release before works on its tables. One of the phase `after` removes or tightens: it
runs when no process of the release before is left. Migrations up to 0013 have no phase, because
they are older than the first release; they count as `after`.
"""

import time
from collections.abc import Callable, Iterable
from pathlib import Path
from threading import Lock
from typing import Any, Final, Literal

from alembic import command
from alembic.config import Config
from alembic.script import Script, ScriptDirectory
from sqlalchemy import Connection, Engine, inspect, text

from bg_orchestration.store import locks
from bg_orchestration.store.database import SchemaError, schema_version

Phase = Literal["before", "after"]

MIGRATIONS: Final = Path(__file__).parent / "migrations"
_MIGRATING = Lock()
_OTHER_UPGRADE = "10min"
_VERSION: Final = text("SELECT version_num FROM alembic_version")
# A column of Alembic's own table: it must be there before the first migration that needs it.
_ADD_OLDEST_CODE: Final = text("ALTER TABLE alembic_version ADD COLUMN oldest_code VARCHAR(32)")
_SET_OLDEST_CODE: Final = text("UPDATE alembic_version SET oldest_code = :oldest_code")


def upgrade(
    engine: Engine,
    phase: Phase | None = None,
    say: Callable[[str], None] = lambda _line: None,
    folder: Path = MIGRATIONS,
) -> None:
    """Run the pending migrations; one that is interrupted leaves nothing, and runs again next time.

    Several processes may call it at once: each migration runs under `Lock.MIGRATION`. A database of
    a newer version stays as it is.

    Args:
        engine: the engine of the database.
        phase: `before` stops at the first migration of the phase `after`; `after` runs the rest;
            `None` runs all. A database without tables gets all.
        say: prints a line of progress.
        folder: the folder of the migrations.

    Raises:
        SchemaError: the phase cannot run now; the message says what to do.
    """
    config = Config()
    config.set_main_option("script_location", str(folder).replace("%", "%%"))
    config.attributes |= {"engine": engine, "say": say}
    # Alembic keeps its state in globals, and two sensors may call this at once.
    with _MIGRATING:
        script = ScriptDirectory.from_config(config)
        version = schema_version(engine)
        if version is None:
            command.upgrade(config, "head")
            return
        if version > str(script.get_current_head()):
            return
        steps = _chosen(_pending(script, version), phase)
        for number, step in enumerate(steps, start=1):
            began = time.monotonic()
            say(f"{number} of {len(steps)}: {step.revision} {step.doc}")
            command.upgrade(config, step.revision)
            say(f"    done in {time.monotonic() - began:.1f} s")


def prepare(connection: Connection, say: Callable[[str], None]) -> None:
    """Take the lock of the migrations, and lift the time-out of statements for this transaction.

    Another upgrade may work for 10 minutes. A statement of ours waits for the locks of others as
    long as any transaction, because all later ones wait behind it.
    """
    if connection.dialect.name == "sqlite":
        locks.acquire_lock(connection, locks.Lock.MIGRATION)
        return
    before = connection.execute(text("SHOW lock_timeout")).scalar_one()
    connection.execute(text("SET LOCAL statement_timeout = 0"))
    if not locks.acquire_lock(connection, locks.Lock.MIGRATION, wait=False):
        say("Another process upgrades this database; waiting for it, at most 10 minutes ...")
        connection.execute(text(f"SET LOCAL lock_timeout = '{_OTHER_UPGRADE}'"))
        locks.acquire_lock(connection, locks.Lock.MIGRATION)
        connection.execute(text(f"SET LOCAL lock_timeout = '{before}'"))


def note_oldest_code(connection: Connection, script: ScriptDirectory) -> None:
    """Store the oldest schema version whose code works on the tables as they are now."""
    if all(
        column["name"] != "oldest_code"
        for column in inspect(connection).get_columns("alembic_version")
    ):
        connection.execute(_ADD_OLDEST_CODE)
    version = connection.execute(_VERSION).scalar()
    tightened = [
        step.revision
        for step in script.walk_revisions()
        if phase_of(step) == "after" and version is not None and step.revision <= version
    ]
    connection.execute(_SET_OLDEST_CODE, {"oldest_code": max(tightened, default=version)})


def phase_of(step: Script) -> Phase:
    """Return the phase of a migration."""
    module: Any = step.module
    phase: Phase = getattr(module, "phase", "after")
    return phase


def _pending(script: ScriptDirectory, version: str) -> list[Script]:
    return sorted(
        (step for step in script.walk_revisions() if step.revision > version),
        key=lambda step: step.revision,
    )


def _chosen(pending: list[Script], phase: Phase | None) -> list[Script]:
    if phase is None:
        return pending
    first = next(
        (place for place, step in enumerate(pending) if phase_of(step) == "after"), len(pending)
    )
    later = [step for step in pending[first:] if phase_of(step) == "before"]
    if phase == "before":
        if later:
            raise SchemaError(
                "This version is several releases ahead of the database: "
                f"{_ids(later)} must follow {_ids(pending[first : first + 1])}. Upgrade release "
                "by release, or stop all processes and run: bg db upgrade"
            )
        return pending[:first]
    if first or later:
        raise SchemaError(
            f"{_ids([*pending[:first], *later])} must run first: bg db upgrade --before. Then "
            "replace the code everywhere, then: bg db upgrade --after"
        )
    return pending


def _ids(steps: Iterable[Script]) -> str:
    return ", ".join(step.revision for step in steps)
