"""The subscription that a token means: its hash is compared, in constant time, with each live one.

Coresignal's pushes carry no signature: a token of 256 bits in the address is their only proof.
"""

import hashlib
import hmac
import re
from collections.abc import Sequence

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from bg_orchestration.intake.subscriptions import PushAddress, addresses
from bg_orchestration.store.database import reading
from bg_orchestration.webhooks.commits import NotStoredError
from bg_orchestration.webhooks.shared_query import SharedQuery
from bg_orchestration.webhooks.signatures import RefusedError

# What `secrets.token_urlsafe(32)` gives.
_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")


class Tokens:
    """The live tokens, read at most once a second, however many strangers try."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._live = SharedQuery(self._read, "subscriptions")

    async def address(self, provider: str, token: str) -> PushAddress:
        """The address that a provider's request was sent to.

        Raises:
            RefusedError: there is none of this token.
            NotStoredError: the database, which would know, does not answer.
        """
        if not _TOKEN.fullmatch(token):
            raise RefusedError("malformed")
        try:
            live = await self._live.result()
        except (SQLAlchemyError, TimeoutError):
            raise NotStoredError("database") from None
        given = hashlib.sha256(token.encode()).hexdigest()
        # Each is compared whatever the outcome, so that the time taken reveals nothing.
        matches = [each for each in live if hmac.compare_digest(each.token_hash, given)]
        for address in matches:
            if address.provider == provider:
                return address
        raise RefusedError("wrong_token")

    def _read(self) -> Sequence[PushAddress]:
        with reading(self._engine) as connection:
            return addresses(connection)
