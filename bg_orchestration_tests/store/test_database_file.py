"""The database's file: private, and missed when it is gone under a running process."""

import os
import shutil
import stat
from pathlib import Path

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import OperationalError, SQLAlchemyError

from bg_orchestration.ops import addresses
from bg_orchestration.ops.private_files import keep_private
from bg_orchestration.privacy.erasure import scrub
from bg_orchestration.settings import Settings
from bg_orchestration.store.database import (
    describe_outage,
    engine_for,
    is_outage,
    reading,
    upgrade_schema,
    writing,
)
from bg_orchestration_tests.store.rows import event_states, follow, push


@pytest.fixture
def file(fresh_sqlite: Path) -> Path:
    return fresh_sqlite


@pytest.fixture
def stored(file: Path) -> Engine:
    engine = engine_for(f"sqlite:///{file}")
    push(engine)
    return engine


def _lose(file: Path, how: str) -> None:
    if how == "replaced":
        shutil.copy(file, file.with_name("other")).replace(file)
    elif how == "moved":
        file.rename(file.with_name("moved"))
    else:
        file.unlink()


@pytest.mark.parametrize("how", ["deleted", "replaced", "moved"])
def test_no_transaction_succeeds_in_a_file_that_is_gone(
    stored: Engine, file: Path, how: str
) -> None:
    _lose(file, how)
    with pytest.raises(OperationalError) as caught:
        push(stored)
    assert is_outage(caught.value)
    assert "replaced or deleted" in describe_outage(caught.value)
    stored.dispose()


def test_a_file_of_something_else_is_refused_with_the_next_step(tmp_path: Path) -> None:
    other = tmp_path / "bg.sqlite3"
    other.write_bytes(b"no database" * 500)
    engine = engine_for(f"sqlite:///{other}")
    with pytest.raises(SQLAlchemyError) as caught, reading(engine) as connection:
        connection.execute(text("SELECT 1 FROM companies"))
    assert "Restore a backup" in describe_outage(caught.value)
    engine.dispose()


def test_a_file_that_is_lost_before_the_commit_is_missed_after_it(
    stored: Engine, file: Path
) -> None:
    def write() -> None:
        with writing(stored) as connection:
            connection.execute(text("UPDATE webhook_events SET conflicts = 1"))
            file.unlink()

    with pytest.raises(OperationalError):
        write()
    stored.dispose()


def test_the_next_transaction_opens_the_new_file(stored: Engine, file: Path) -> None:
    _lose(file, "replaced")
    with pytest.raises(OperationalError), reading(stored):
        pass
    event = push(stored)
    assert event in event_states(stored)
    stored.dispose()


def test_a_deleted_database_is_not_made_again_behind_our_back(stored: Engine, file: Path) -> None:
    file.unlink()
    for _ in range(3):
        with pytest.raises(SQLAlchemyError):
            push(stored)
    stored.dispose()


def test_files_and_folders_are_private_whatever_the_umask(tmp_path: Path) -> None:
    before = os.umask(0o022)
    try:
        file = tmp_path / "home" / "deep" / "bg.sqlite3"
        engine = engine_for(f"sqlite:///{file}")
        upgrade_schema(engine)
        follow(engine, "acme")
        with reading(engine):
            made = [file, *file.parent.glob("bg.sqlite3-*")]
            assert len(made) == 3
            assert [stat.S_IMODE(path.stat().st_mode) & 0o077 for path in made] == [0, 0, 0]
        assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
        engine.dispose()
        home = tmp_path / "old"
        (home / "artifacts").mkdir(parents=True)
        (home / "suppression.key").touch(0o644)
        assert keep_private(Settings(home=home)) == [
            str(home), str(home / "suppression.key"), str(home / "artifacts"),
        ]  # fmt: skip
        assert keep_private(Settings(home=home)) == []
        assert stat.S_IMODE(home.stat().st_mode) == 0o700
        (home / "new").touch()
        assert stat.S_IMODE((home / "new").stat().st_mode) == 0o600
    finally:
        os.umask(before)


def test_deleted_bytes_leave_the_log_or_the_call_says_so(stored: Engine, file: Path) -> None:
    secret = b"a-name-to-forget"
    follow(stored, secret.decode())
    with reading(engine := stored) as old:
        old.execute(text("SELECT count(*) FROM companies")).scalar_one()
        with writing(engine) as connection:
            connection.exec_driver_sql("PRAGMA secure_delete=ON")
            connection.execute(text("DELETE FROM companies"))
        assert not scrub(engine, patience=0.2)
    assert scrub(engine)
    assert all(secret not in path.read_bytes() for path in file.parent.glob(f"{file.name}*"))
    engine.dispose()


def test_a_file_of_addresses_that_cannot_be_written_ends_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_path: Path, _text: str) -> None:
        raise OSError(28, "No space left on device")

    running = addresses.RunningSystem(1, 0.0, "r", "m", "d", "e", {}, {})
    with monkeypatch.context() as patch:
        patch.setattr(Path, "write_text", full)
        assert not addresses.tell(tmp_path, running)
    assert addresses.tell(tmp_path, running)
    assert [path.name for path in tmp_path.glob("up.json*")] == ["up.json"]
