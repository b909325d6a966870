"""What never answers costs one thread and the time that was granted."""

import threading
import time

import pytest

from bg_orchestration.observability.deadlines import Question


def test_an_answer_comes_as_soon_as_it_is_there() -> None:
    question = Question(lambda: 42)
    question.begin()
    assert question.answer(time.monotonic() + 60) == 42


def test_an_error_of_asking_is_the_askers() -> None:
    question = Question(lambda: 1 // 0)
    question.begin()
    with pytest.raises(ZeroDivisionError):
        question.answer(time.monotonic() + 60)


def test_a_question_that_hangs_is_not_asked_again_until_it_has_ended() -> None:
    gate = threading.Event()
    asked: list[int] = []

    def ask() -> int:
        asked.append(1)
        gate.wait(120)
        return len(asked)

    question = Question(ask)
    for _ in range(3):
        question.begin()
        began = time.monotonic()
        with pytest.raises(TimeoutError):
            question.answer(began + 0.05)
        assert time.monotonic() - began < 60
    assert len(asked) == 1
    gate.set()
    assert question.answer(time.monotonic() + 60) == 1
    question.begin()
    assert question.answer(time.monotonic() + 60) == 2
