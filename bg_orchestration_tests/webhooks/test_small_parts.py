import re

import pytest

from bg_orchestration.webhooks.bodies import BodyError, BodyMemory
from bg_orchestration.webhooks.door import MAX_LINES_A_SECOND, LineSample
from bg_orchestration.webhooks.suspects import Suspects
from bg_orchestration.webhooks.traceparent import own_context, sent_context

VALID = b"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


def test_an_address_is_told_to_wait_after_sixty_failures_a_minute() -> None:
    suspects = Suspects()
    assert [suspects.failed("a", second) for second in range(60)] == [None] * 60
    assert suspects.failed("a", 59.5) == 1
    assert suspects.failed("a", 59.9) == 1
    assert suspects.failed("b", 59.9) is None
    assert suspects.failed("a", 60.0) is None


def test_addresses_are_forgotten_beyond_ten_thousand() -> None:
    suspects = Suspects()
    for _ in range(60):
        suspects.failed("first", 0)
    for number in range(10_000):
        suspects.failed(str(number), 1)
    assert suspects.failed("first", 2) is None


def test_a_valid_traceparent_is_kept() -> None:
    assert sent_context([VALID]) == VALID.decode()
    assert sent_context([b"01" + VALID[2:] + b"-more"]) == VALID.decode()


def test_our_span_stands_in_the_senders_trace() -> None:
    own = own_context(VALID.decode())
    assert re.fullmatch(r"00-0af7651916cd43dd8448eb211c80319c-[0-9a-f]{16}-01", own)
    assert own != VALID.decode()
    assert own_context(VALID.decode()[:-2] + "00").endswith("-00")


@pytest.mark.parametrize(
    "values",
    [
        [],
        [b""],
        [VALID, VALID],
        [VALID.upper()],
        [VALID + b"-more"],
        [VALID + b"\n"],
        [b"ff" + VALID[2:]],
        [b"00-" + b"0" * 32 + VALID[35:]],
        [VALID[:36] + b"0" * 16 + b"-01"],
    ],
)
def test_anything_else_starts_a_new_trace(values: list[bytes]) -> None:
    assert sent_context(values) is None
    made = own_context(None)
    assert re.fullmatch(r"00-[0-9a-f]{32}-[0-9a-f]{16}-01", made)
    assert made.encode() not in values
    assert made != own_context(None)


def test_the_first_lines_of_each_second_are_written_and_the_others_counted() -> None:
    clock = iter([10.0] * 25 + [11.5] + [20.0])
    sample = LineSample(lambda: next(clock))
    assert [sample.left_out() for _ in range(25)] == [0] * MAX_LINES_A_SECOND + [None] * 5
    assert sample.left_out() == 5
    assert sample.left_out() == 0


def test_bodies_are_bounded_in_sum(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(BodyMemory, "most", 10)
    memory = BodyMemory()
    memory.take(6)
    with pytest.raises(BodyError) as refused:
        memory.take(5)
    assert refused.value.status == 503
    memory.release(6)
    memory.take(10)
