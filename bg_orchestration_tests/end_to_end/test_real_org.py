"""A real company's year, event by event, through the whole system."""

from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, make_url, text

from bg_orchestration.providers.sample import sample_path
from bg_orchestration_tests.end_to_end.system import Up, bg, bg_json, environment, running, until

ROOT = Path(__file__).parents[2]
NO_LIMITS = {
    "BG_PROVIDER": "files",
    "BG_COMPANY_COOLDOWN": "0",
    "BG_REFRESHES_PER_MINUTE": "100000",
}


def _clean_refresh(home: Path) -> dict[str, Any]:
    env = environment(home, **NO_LIMITS)
    bg(env, "db", "upgrade")
    bg(env, "import", str(sample_path("real_org/people_end.csv")))
    bg(env, "refresh", "real-org")
    group: dict[str, Any] = bg_json(env, "show", "real-org")
    return group


def _on_postgres(postgres_url: str, home: Path) -> dict[str, str]:
    """Our tables and Dagster's in two databases of the real server, as deploy/ has it."""
    ours = make_url(postgres_url)
    admin = create_engine(ours.set(drivername="postgresql+psycopg2"), isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {ours.database}_dagster"))
    admin.dispose()
    dagster = ours.set(drivername="postgresql+psycopg2", database=f"{ours.database}_dagster")
    (home / "dagster").mkdir(parents=True)
    (home / "queue" / "messages").mkdir(parents=True)
    settings = (ROOT / "deploy" / "dagster.yaml").read_text()
    # The one thing that differs from production: the broker is a folder, not Redis.
    folder = home / "queue" / "messages"
    launcher = "class: LeasedCeleryRunLauncher"
    transport = (
        f"{launcher}\n  config:\n    config_source:\n      broker_transport_options: "
        f'{{data_folder_in: "{folder}", data_folder_out: "{folder}", '
        f'control_folder: "{home / "queue"}", polling_interval: 0.1}}'
    )
    (home / "dagster" / "dagster.yaml").write_text(settings.replace(launcher, transport))
    return {
        "BG_DATABASE_URL": postgres_url,
        "DAGSTER_HOME": str(home / "dagster"),
        "DAGSTER_POSTGRES_URL": dagster.render_as_string(hide_password=False),
        "BG_CELERY_BROKER": "filesystem://",
    }


def _all_handled(up: Up, count: int) -> bool:
    states = up.json("stats")["events_by_state"]
    assert not {"dead", "ignored"} & states.keys(), states
    return states == {"handled": count}


@pytest.mark.parametrize("storage", ["sqlite", "postgres"])
def test_a_year_of_changes_gives_the_group_that_a_clean_refresh_gives(
    storage: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    extra = (
        _on_postgres(request.getfixturevalue("postgres_url"), tmp_path / "home")
        if storage == "postgres"
        else {}
    )
    env = environment(tmp_path / "home", **NO_LIMITS, **extra)
    bg(env, "db", "upgrade")
    bg(env, "import", str(sample_path("real_org/people_start.csv")))
    events = sample_path("real_org/events.jsonl").read_text().splitlines(keepends=True)
    assert len(events) == 384
    with running(env) as up:
        # In two halves: on a slow machine one refresh may take in all that is sent at once.
        for half in (events[:192], events[192:]):
            (tmp_path / "half.jsonl").write_text("".join(half))
            up.bg("send-event", "--file", str(tmp_path / "half.jsonl"), "--rate", "60")
            sent = up.json("stats")["events_by_state"]
            until("every event handled", partial(_all_handled, up, sum(sent.values())))
        group = up.json("show", "real-org")
        changes = up.json("changes", "--limit", "1000")
        stats = up.json("stats")
    clean = _clean_refresh(tmp_path / "clean")
    for when in ("refreshed_at", "changed_at", "freshness"):
        assert group.pop(when) != clean.pop(when)
    assert group == clean
    assert stats["events_by_state"] == {"handled": 384}
    assert stats["refreshes_by_state"].keys() == {"completed"}
    assert 2 <= stats["refreshes_by_state"]["completed"] <= 384
    assert _replayed(changes) == {
        member["person_id"]: member["role"] for member in group["members"]
    }


def _replayed(changes: list[dict[str, Any]]) -> dict[str, str]:
    """The group that the changes, told from the first to the last, add up to."""
    roles: dict[str, str] = {}
    for change in changes:
        match change["kind"]:
            case "joined":
                assert change["person_id"] not in roles
                roles[change["person_id"]] = change["new"]
            case "left" | "dropped":
                assert roles.pop(change["person_id"]) == change["old"]
            case "role_changed":
                assert roles[change["person_id"]] == change["old"]
                roles[change["person_id"]] = change["new"]
    return roles
