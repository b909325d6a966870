"""The lists of companies and people stay fast with many rows."""

import json
import time
from datetime import UTC, datetime

import pytest
from click.testing import CliRunner
from sqlalchemy import Engine, insert

from bg_orchestration.cli import bg
from bg_orchestration.store.database import writing
from bg_orchestration.store.schema.tables import buyer_groups, companies, employments, people

MANY = 10_000


def seconds(*arguments: str) -> tuple[float, str]:
    """The processor time of a command, the lower of two runs, and its output."""
    times = []
    for _ in range(2):
        began = time.process_time()
        result = CliRunner().invoke(bg, arguments)
        times.append(time.process_time() - began)
        assert result.exit_code == 0, result.output
    return min(times), result.stdout


def add(engine: Engine, numbers: range) -> None:
    """Store companies with a group, a gap and a person each."""
    now = datetime.now(UTC)
    common = {"source": "test", "created_at": now}
    with writing(engine) as connection:
        connection.execute(
            insert(companies),
            [
                {"company_id": f"c-{n}", "name": f"Co {n}", "folded_name": f"co {n}",
                 "refreshed_at": now, **common}
                for n in numbers
            ],
        )  # fmt: skip
        connection.execute(
            insert(people), [{"person_id": f"p-{n}", "name": f"Ada {n}", **common} for n in numbers]
        )
        connection.execute(
            insert(employments),
            [
                {"person_id": f"p-{n}", "company_id": f"c-{n}", "title": "CEO", "source": "test"}
                for n in numbers
            ],
        )
        connection.execute(
            insert(buyer_groups),
            [
                {"company_id": f"c-{n}", "profile_id": "default", "company_size": 9, "size_low": 1,
                 "size_high": 2, "completeness": 0.5, "gaps": json.dumps([{"need": "decision"}]),
                 "created_at": now, "changed_at": now}
                for n in numbers
            ],
        )  # fmt: skip


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_the_time_grows_with_the_rows_only(engine: Engine) -> None:
    commands = [("companies",), ("companies", "--missing", "decision", "--json"), ("people", "ada")]
    add(engine, range(MANY // 10))
    few = [seconds(*command)[0] for command in commands]
    add(engine, range(MANY // 10, MANY))
    for command, before in zip(commands, few, strict=True):
        after, output = seconds(*command)
        # Ten times the rows; their square would take a hundred times as long.
        assert after < 30 * before, command
        if command[0] == "companies":
            assert output.count("c-") >= MANY
