"""Asking what may never answer: in a thread of its own, waited for until a deadline."""

import time
from collections.abc import Callable
from concurrent.futures import Future
from concurrent.futures import TimeoutError as NotYetError
from threading import Lock, Thread
from typing import Generic, TypeVar

T = TypeVar("T")


class Question(Generic[T]):
    """Something to ask, once or again and again; never twice at the same time.

    A question that hangs, on a server that vanished or a disk that does not answer, takes one
    thread and no more, however often it is asked.
    """

    def __init__(self, ask: Callable[[], T]) -> None:
        self._ask = ask
        self._lock = Lock()
        self._answer: Future[T] | None = None

    def begin(self) -> None:
        """Start to ask, unless an earlier asking has not ended."""
        with self._lock:
            if self._answer is None or self._answer.done():
                self._answer = Future()
                # A daemon: what hangs must not keep the process from ending.
                Thread(target=self._run, args=(self._answer,), daemon=True).start()

    def answer(self, until: float) -> T:
        """The answer to what `begin` asked, waited for until `time.monotonic()` is `until`.

        Raises:
            TimeoutError: there is none yet.
            Exception: whatever asking raised.
        """
        assert self._answer is not None, "begin first"
        try:
            return self._answer.result(max(0.0, until - time.monotonic()))
        except NotYetError:
            raise TimeoutError from None

    def _run(self, answer: "Future[T]") -> None:
        try:
            answer.set_result(self._ask())
        except BaseException as error:  # noqa: BLE001 - raised again in the thread that waits
            answer.set_exception(error)
