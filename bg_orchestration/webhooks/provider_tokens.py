"""Which subscription a token means: its hash is compared, in constant time, with every live one.

Coresignal's pushes carry no signature: a token of 256 bits in the address is all there is to know
them by.
"""

import hashlib
import hmac
import re
from collections.abc import Sequence

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from bg_orchestration.intake.subscriptions import Address, addresses
from bg_orchestration.store.database import reading
from bg_orchestration.webhooks.commits import NotStoredError
from bg_orchestration.webhooks.shared_query import SharedQuestion
from bg_orchestration.webhooks.signatures import RefusedError

# What `secrets.token_urlsafe(32)` gives.
_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")


class Tokens:
    """The live tokens, read at most once a second, however many strangers try."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._question = SharedQuestion(self._ask, "subscriptions")

    async def address(self, provider: str, token: str) -> Address:
        """The address that a provider's request was sent to.

        Raises:
            RefusedError: there is none of this token.
            NotStoredError: the database, which would know, does not answer.
        """
        if not _TOKEN.fullmatch(token):
            raise RefusedError("malformed")
        try:
            live = await self._question.answer()
        except (SQLAlchemyError, TimeoutError):
            raise NotStoredError("database") from None
        given = hashlib.sha256(token.encode()).hexdigest()
        # Each is compared whatever the outcome: the time taken tells nothing.
        right = [one for one in live if hmac.compare_digest(one.token_hash, given)]
        for one in right:
            if one.provider == provider:
                return one
        raise RefusedError("wrong_token")

    def _ask(self) -> Sequence[Address]:
        with reading(self._engine) as connection:
            return addresses(connection)
