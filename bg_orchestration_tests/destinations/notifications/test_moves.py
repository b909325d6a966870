"""A person who moves between followed companies is one message with both ends."""

from collections.abc import Callable

import pytest
from sqlalchemy import Engine

from bg_orchestration.destinations.notifications import dispatch
from bg_orchestration_tests.destinations.notifications.conftest import (
    Configure,
    change,
)
from bg_orchestration_tests.destinations.notifications.receiving import (
    SECRET,
    Receiver,
)
from bg_orchestration_tests.destinations.notifications.test_dispatch import MINUTE, pass_time, send
from bg_orchestration_tests.refreshes.lives import handed_over
from bg_orchestration_tests.store.rows import STAFF, follow, push


@pytest.fixture
def movers(
    engine: Engine,
    sales: Receiver,
    receivers: Callable[[], Receiver],
    configure: Configure,
    monkeypatch: pytest.MonkeyPatch,
) -> tuple[Engine, Receiver, Receiver]:
    """Ann decides at acme and goes to globex, which is followed; both groups are to be refreshed.

    The two receivers are a webhook and Slack.
    """
    monkeypatch.setattr(dispatch, "_SLACK_SECONDS", 0.0)
    slack = receivers()
    configure(urls=f"sales={sales.url}", secrets=f"sales={SECRET}", slack_urls=f"slack={slack.url}")
    follow(engine, "acme", staff=STAFF)
    follow(engine, "globex")
    change(engine, "acme", "p-ann")
    change(engine, "globex")
    send(engine)
    for receiver in (sales, slack):
        receiver.got.clear()
    push(
        engine,
        type_="person.company_change",
        oldCompany="acme Inc",
        newCompany="globex",
        newTitle="VP Sales",
    )
    handed_over(engine)
    return engine, sales, slack


MOVE = (
    "Ann Lee moved to globex Inc (globex), was decision maker (VP Sales); there decision maker now"
)


@pytest.mark.parametrize("first", ["acme", "globex"])
def test_a_move_is_one_message_with_both_ends(
    movers: tuple[Engine, Receiver, Receiver], first: str
) -> None:
    engine, sales, slack = movers
    for company in (first, "globex" if first == "acme" else "acme"):
        change(engine, company, *(["p-ann"] if company == "globex" else []))
        if company == first:
            assert send(engine) == []
    send(engine)
    assert [got.json["text"] for got in slack.got] == [
        f"Buyer group of acme Inc changed:\n• {MOVE}"
    ]
    kinds = {
        got.json["data"]["company"]["id"]: [
            (one["kind"], one["cause"], one["other_company"]["id"], one["other_end"]["kind"])
            for one in got.json["data"]["changes"]
        ]
        for got in sales.got
    }
    assert kinds == {
        "acme": [("left", "moved", "globex", "joined")],
        "globex": [("joined", "moved", "acme", "left")],
    }


@pytest.mark.parametrize("first", ["acme", "globex"])
def test_each_end_of_a_move_is_told_alone_if_the_other_comes_late(
    movers: tuple[Engine, Receiver, Receiver], first: str
) -> None:
    engine, _, slack = movers
    second = "globex" if first == "acme" else "acme"
    change(engine, first, *(["p-ann"] if first == "globex" else []))
    assert send(engine) == []
    pass_time(engine, MINUTE)
    send(engine)
    assert len(slack.got) == 1
    change(engine, second, *(["p-ann"] if second == "globex" else []))
    send(engine)
    assert len(slack.got) == 2
    text = slack.got[1].json["text"]
    assert ("moved here from acme Inc" in text) if second == "globex" else (MOVE in text)
