"""Advisory locks: their order is checked at run time, on both databases."""

from itertools import combinations

import pytest
from sqlalchemy import Connection, Engine, text

from bg_orchestration.domain.model import Company
from bg_orchestration.privacy.erasure import erase
from bg_orchestration.privacy.suppression import Suppressions
from bg_orchestration.refreshes.planning import plan_manual
from bg_orchestration.store.companies import company, save_companies
from bg_orchestration.store.database import writing
from bg_orchestration.store.locks import Lock, LockOrderError, acquire_lock


def add_company(connection: Connection, company_id: str) -> None:
    save_companies(connection, [Company(company_id=company_id, name=company_id)], "test")


def test_locks_are_taken_in_their_order_and_again(engine: Engine) -> None:
    with writing(engine) as connection:
        assert all(acquire_lock(connection, lock) for lock in Lock)
        assert all(acquire_lock(connection, lock) for lock in Lock)


@pytest.mark.parametrize(("earlier", "later"), list(combinations(Lock, 2)))
def test_a_lock_after_a_later_one_is_refused(engine: Engine, earlier: Lock, later: Lock) -> None:
    with writing(engine) as connection:
        acquire_lock(connection, later)
        with pytest.raises(LockOrderError, match=f"{earlier.name} is taken after {later.name}"):
            acquire_lock(connection, earlier)


@pytest.mark.parametrize("lock", Lock)
def test_a_lock_after_a_write_is_refused(engine: Engine, lock: Lock) -> None:
    with writing(engine) as connection:
        add_company(connection, "acme")
        with pytest.raises(LockOrderError, match="after the first write"):
            acquire_lock(connection, lock)


def test_a_lock_that_is_held_may_be_taken_again_after_a_write(engine: Engine) -> None:
    with writing(engine) as connection:
        acquire_lock(connection, Lock.ADMISSION)
        add_company(connection, "acme")
        assert acquire_lock(connection, Lock.ADMISSION)


def test_a_lock_inside_a_savepoint_is_refused(engine: Engine) -> None:
    """PostgreSQL would release it with the savepoint."""
    with (
        writing(engine) as connection,
        connection.begin_nested(),
        pytest.raises(LockOrderError, match="savepoint"),
    ):
        acquire_lock(connection, Lock.ADMISSION)


def test_the_next_transaction_of_a_connection_begins_without_locks(engine: Engine) -> None:
    for number in range(2):
        with writing(engine) as connection:
            acquire_lock(connection, Lock.LEDGER)
        with writing(engine) as connection:
            add_company(connection, f"c{number}")
        with writing(engine) as connection:
            assert acquire_lock(connection, Lock.ADMISSION)


def test_reading_before_a_lock_is_allowed(engine: Engine) -> None:
    with writing(engine) as connection:
        connection.execute(text("SELECT 1"))
        company(connection, "acme")
        assert acquire_lock(connection, Lock.ADMISSION)


def test_without_waiting_a_lock_of_another_transaction_is_not_taken(engine: Engine) -> None:
    if engine.dialect.name == "sqlite":
        return  # It has one writer at a time.
    with writing(engine) as first, writing(engine) as second:
        assert acquire_lock(first, Lock.DIRECTORY)
        assert not acquire_lock(second, Lock.DIRECTORY, wait=False)
        # It is not held: the next lock may still be taken, and so may this one.
        first.commit()
        assert acquire_lock(second, Lock.DIRECTORY, wait=False)


def test_erasing_takes_its_locks_before_it_writes(engine: Engine) -> None:
    """The command `bg forget` plans in the same transaction, under a lock that it holds by then."""
    with writing(engine) as connection:
        add_company(connection, "acme")
    with writing(engine) as connection:
        erase(connection, ["p-1"], Suppressions(b"0123456789abcdef"))
        assert plan_manual(connection, ["acme"]) == 1
    with writing(engine) as connection:
        add_company(connection, "beta")
        with pytest.raises(LockOrderError):
            erase(connection, ["p-1"], Suppressions(b"0123456789abcdef"))
