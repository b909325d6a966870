"""Calls with a deadline, each in a thread of its own."""

import time
from collections.abc import Callable
from concurrent.futures import Future
from concurrent.futures import TimeoutError as NotYetError
from threading import Lock, Thread
from typing import Generic, TypeVar

T = TypeVar("T")


class Question(Generic[T]):
    """A repeatable call, never twice at the same time.

    A call that hangs, on a lost server or disk, takes one thread, however often it begins.
    """

    def __init__(self, ask: Callable[[], T]) -> None:
        self._ask = ask
        self._lock = Lock()
        self._answer: Future[T] | None = None

    def begin(self) -> None:
        """Start the call, unless an earlier one still runs."""
        with self._lock:
            if self._answer is None or self._answer.done():
                self._answer = Future()
                # A daemon thread: a hanging call must not delay the end of the process.
                Thread(target=self._run, args=(self._answer,), daemon=True).start()

    def answer(self, until: float) -> T:
        """Return the answer to `begin`; wait until `time.monotonic()` is `until`.

        Raises:
            TimeoutError: no answer came in time.
            Exception: the call's own exception.
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
