"""Contact enrichment: find and verify contacts, step by step as `domain.contacts` plans it.

It stores nothing: it takes the stored contacts, and its caller stores the new ones in one
transaction. Until then the ledger keeps what was paid for.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from bg_orchestration.domain.contacts import (
    Step,
    apply_corrections,
    apply_verifications,
    merge_points,
    next_step,
)
from bg_orchestration.domain.model import ContactPoint, Correction
from bg_orchestration.ledger.calls import Request
from bg_orchestration.ledger.errors import CallRefusedError, ProviderError
from bg_orchestration.providers.protocols import (
    ContactFinder,
    ContactQuery,
    EmailVerifier,
    FoundContact,
    FoundContacts,
    Verification,
)
from bg_orchestration.providers.waterfall import ProviderNotes, TimedRequest


@dataclass(slots=True)
class ContactEnrichment:
    """The enrichment of some people, and its state.

    Attributes:
        queries: the people to enrich, by person id.
        held: the contact points of each.
        corrections: people's corrections; no provider is called for a corrected contact.
        notes: the result of each provider.
        protected: people whom a provider protects: the caller suppresses them.
        read: the time of each record that was read, by provider, its id and person id.
    """

    queries: Mapping[str, ContactQuery]
    held: dict[str, list[ContactPoint]]
    corrections: Mapping[str, Sequence[Correction]]
    notes: ProviderNotes = field(default_factory=ProviderNotes)
    protected: set[str] = field(default_factory=set)
    read: dict[tuple[str, str, str], datetime] = field(default_factory=dict)
    _done: set[tuple[str, str]] = field(default_factory=set)

    def run(
        self,
        request: Request,
        finders: Sequence[ContactFinder],
        verifiers: Sequence[EmailVerifier],
        today: date,
    ) -> None:
        """Call providers until no contact is missing or no provider is left.

        Raises:
            BudgetSpentError: a call could exceed the daily budget.
        """
        finding = {finder.name: finder for finder in finders}
        verifying = {verifier.name: verifier for verifier in verifiers}
        while step := next_step(self._corrected(), [*finding], [*verifying], self._done, today):
            self._done.update((step.provider, item) for item in step.items)
            try:
                if step.kind == "find":
                    self._find(request, finding[step.provider], step)
                else:
                    self._verify(request, verifying[step.provider], step)
            except ProviderError as error:
                self.notes.note_fault(error)
                del (finding if step.kind == "find" else verifying)[step.provider]

    def _corrected(self) -> dict[str, list[ContactPoint]]:
        return {
            person_id: apply_corrections(points, self.corrections.get(person_id, ()))
            for person_id, points in self.held.items()
            if person_id not in self.protected
        }

    def _find(self, request: Request, finder: ContactFinder, step: Step) -> None:
        people = 0
        queries = [self.queries[person_id] for person_id in step.items]
        for contacts, at in self._contacts(request, finder, queries):
            person_id = contacts.person_id
            if person_id not in step.items:
                continue
            points = [
                contact_point(person_id, contact, finder.name, at.date())
                for contact in contacts.contacts
            ]
            self.held[person_id] = merge_points(self.held[person_id], points, finder.name)
            people += bool(points)
            if contacts.source_id:
                self.read[finder.name, contacts.source_id, person_id] = at
        self.notes.note(finder.name, f"found {people} of {len(step.items)}")

    def _contacts(
        self, request: Request, finder: ContactFinder, queries: Sequence[ContactQuery]
    ) -> Iterator[tuple[FoundContacts, datetime]]:
        """Yield the contacts of each person, with their time.

        One person may spoil a call for several. Then each person gets a call alone; the ledger
        answers what was paid for already.
        """
        timed = TimedRequest(request)
        queue = {query.person_id: query for query in queries}
        try:
            for found in finder.contacts(timed, queries):
                queue.pop(found.person_id, None)
                assert timed.oldest is not None, "an answer was read"
                yield found, timed.oldest
        except CallRefusedError as error:
            if len(queries) > 1:
                for query in queue.values():
                    yield from self._contacts(request, finder, [query])
            elif error.kind == "compliance":
                self.protected.add(queries[0].person_id)

    def _verify(self, request: Request, verifier: EmailVerifier, step: Step) -> None:
        addresses = 0
        for verification in self._verifications(request, verifier, step.items):
            addresses += 1
            status = "undeliverable" if verification.suppress else verification.status
            statuses = {verification.email.casefold(): status}
            on = verification.checked_at.date()
            for person_id, points in self.held.items():
                self.held[person_id] = apply_verifications(points, statuses, on)
        self.notes.note(verifier.name, f"verified {addresses} of {len(step.items)}")

    def _verifications(
        self, request: Request, verifier: EmailVerifier, emails: Sequence[str]
    ) -> Iterator[Verification]:
        try:
            yield from verifier.verify(request, emails)
        except CallRefusedError:
            if len(emails) > 1:
                for email in emails:
                    yield from self._verifications(request, verifier, [email])


def contact_point(person_id: str, found: FoundContact, source: str, seen_on: date) -> ContactPoint:
    """Return a found contact in its stored form."""
    return ContactPoint(
        person_id=person_id,
        kind=found.kind,
        value=found.value,
        source=source,
        type=found.type,
        status=found.status,
        seen_on=seen_on.isoformat(),
        do_not_contact=found.do_not_contact,
    )
