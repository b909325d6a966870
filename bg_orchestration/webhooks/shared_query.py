"""Questions to the database that requests share: asked rarely, in a thread, and waited for briefly.

What a stranger may ask as often as they like must cost the database nothing more.
"""

import asyncio
import time
from collections.abc import Callable
from contextlib import suppress
from threading import Thread
from typing import Generic, TypeVar

_T = TypeVar("_T")


class SharedQuestion(Generic[_T]):
    """One question; many callers wait for one answer, which is good for a second.

    Attributes:
        seconds: how long an answer is good.
        patience: how many seconds a caller waits for one.
    """

    seconds = 1.0
    patience = 3.0

    def __init__(self, ask: Callable[[], _T], name: str) -> None:
        self._ask = ask
        self._name = name
        self._answer: asyncio.Future[_T] | None = None
        self._asked = 0.0

    async def answer(self) -> _T:
        """The newest answer.

        Raises:
            TimeoutError: there is none in time.
            Exception: what asking raised.
        """
        answer = self._answer
        now = time.monotonic()
        if answer is None or (answer.done() and now - self._asked > self.seconds):
            answer = self._answer = asyncio.get_running_loop().create_future()
            self._asked = now
            # A daemon: a database that never answers must not keep the process from ending.
            Thread(target=self._run, args=(answer,), name=self._name, daemon=True).start()
        return await asyncio.wait_for(asyncio.shield(answer), self.patience)

    def _run(self, answer: asyncio.Future[_T]) -> None:
        loop = answer.get_loop()
        # When the loop is closed, nobody waits.
        with suppress(RuntimeError):
            try:
                told = self._ask()
            except Exception as error:  # noqa: BLE001 - told to whoever waits
                loop.call_soon_threadsafe(_fail, answer, error)
            else:
                loop.call_soon_threadsafe(answer.set_result, told)


def _fail(answer: asyncio.Future[_T], error: Exception) -> None:
    answer.set_exception(error)
    # Retrieved here: whoever asked may have left, and nobody is to be warned of that.
    answer.exception()
