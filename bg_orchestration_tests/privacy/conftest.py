"""Ann, who asks to be erased, in every table; and what is left of her."""

from collections.abc import Collection

import pytest
from sqlalchemy import Engine, LargeBinary, String, Table, Text, cast, select

from bg_orchestration.domain.model import ContactPoint, Gap
from bg_orchestration.intake.routing import route_received
from bg_orchestration.refreshes.publishing import publish
from bg_orchestration.store.companies import Employee, save_employees
from bg_orchestration.store.database import clock, reading, writing
from bg_orchestration.store.schema.tables import (
    metadata,
)
from bg_orchestration_tests.refreshes.lives import taken
from bg_orchestration_tests.refreshes.test_publishing import group, member
from bg_orchestration_tests.store.rows import (
    POLICY,
    STAFF,
    follow,
    push,
)

ANN = STAFF[0]
EMAIL = "Ann.Lee@acme.example"
PAGE = "https://www.linkedin.com/in/ann-lee-example"


@pytest.fixture
def staffed(engine: Engine) -> Engine:
    """Ann is known with an address and a page, a member of the group, and in two events."""
    follow(engine, "acme", staff=STAFF)
    point = ContactPoint(person_id=ANN.person_id, kind="email", value=EMAIL, source="test")
    with writing(engine) as connection:
        save_employees(connection, [Employee("acme", ANN, PAGE, (point,))], "test")
    push(engine, newTitle="Chief of Everything")
    routed(engine)
    refresh = taken(engine, "acme", "run-1")
    with writing(engine) as connection:
        near = Gap(need="champion", look_for="no champion known", nearest=("p-ann", "p-cyd"))
        told = group(member("p-ann", "decision"), member("p-bob"), contacts=(point,), gaps=(near,))
        publish(connection, refresh, [told])
    push(engine, newTitle="Chief of Nothing")
    return engine


def routed(engine: Engine) -> None:
    with writing(engine) as connection:
        route_received(connection, POLICY, clock(connection))


def everything(engine: Engine, but: Collection[Table] = ()) -> str:
    """All text and bytes of all tables."""
    found = []
    with reading(engine) as connection:
        for table in metadata.sorted_tables:
            if table in but:
                continue
            for column in table.c:
                if isinstance(column.type, LargeBinary):
                    values = [
                        bytes(one or b"").decode() for one in connection.scalars(select(column))
                    ]
                elif isinstance(column.type, String | Text):
                    values = [one or "" for one in connection.scalars(select(cast(column, Text)))]
                else:
                    continue
                found += values
    return "\n".join(found).casefold()


PERSONAL = ("p-ann", "ann lee", "ann.lee@", "ann-lee-example", "chief of everything")
