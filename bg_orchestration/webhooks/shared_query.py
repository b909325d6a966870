"""Database queries whose result requests share: run rarely, in a thread, waited for briefly.

A stranger may send any number of requests: they must cost the database nothing more.
"""

import asyncio
import time
from collections.abc import Callable
from contextlib import suppress
from threading import Thread
from typing import Generic, TypeVar

_T = TypeVar("_T")


class SharedQuery(Generic[_T]):
    """One query; many callers wait for one result, which is good for a second.

    Attributes:
        seconds: how long a result is good.
        patience: how many seconds a caller waits for one.
    """

    seconds = 1.0
    patience = 3.0

    def __init__(self, run: Callable[[], _T], name: str) -> None:
        self._query = run
        self._name = name
        self._result: asyncio.Future[_T] | None = None
        self._began = 0.0

    async def result(self) -> _T:
        """The newest result.

        Raises:
            TimeoutError: there is none in time.
            Exception: what the query raised.
        """
        result = self._result
        now = time.monotonic()
        if result is None or (result.done() and now - self._began > self.seconds):
            result = self._result = asyncio.get_running_loop().create_future()
            self._began = now
            # A daemon: a database that never answers must not keep the process from ending.
            Thread(target=self._run, args=(result,), name=self._name, daemon=True).start()
        return await asyncio.wait_for(asyncio.shield(result), self.patience)

    def _run(self, result: asyncio.Future[_T]) -> None:
        loop = result.get_loop()
        # When the loop is closed, no request waits.
        with suppress(RuntimeError):
            try:
                value = self._query()
            except Exception as error:  # noqa: BLE001 - raised again in each caller that waits
                loop.call_soon_threadsafe(_fail, result, error)
            else:
                loop.call_soon_threadsafe(result.set_result, value)


def _fail(result: asyncio.Future[_T], error: Exception) -> None:
    result.set_exception(error)
    # Retrieved here: every caller may have left, and asyncio would warn of an unread error.
    result.exception()
