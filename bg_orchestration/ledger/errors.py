"""The errors of provider calls. Messages name provider, endpoint and cause, never a person."""

from datetime import datetime

from bg_orchestration.ledger.calls import OutcomeKind


class ProviderError(Exception):
    """Base of the errors of a provider call."""

    def __init__(self, provider: str, message: str) -> None:
        super().__init__(f"{provider}: {message}")
        self.provider = provider


class ProviderAwayError(ProviderError):
    """A temporary fault: no answer, too many requests, or an open circuit."""


class ProviderStoppedError(ProviderError):
    """A person must act first: bad key, forbidden, no credit, or the provider's daily cap."""


class CallRefusedError(ProviderError):
    """This one call has no answer; other calls may have one.

    `kind` is `invalid`, or `compliance` for a protected person. It is `transient` when the call
    was repeated, may have been charged twice, and brought no answer.
    """

    def __init__(self, provider: str, message: str, kind: OutcomeKind) -> None:
        super().__init__(provider, message)
        self.kind = kind


class SchemaDriftError(ProviderError):
    """An answer lacks a promised field, or holds another type there."""


class BudgetSpentError(Exception):
    """The call could pass the daily budget; nothing was sent. `until` begins the next day."""

    def __init__(self, message: str, until: datetime) -> None:
        super().__init__(message)
        self.until = until
