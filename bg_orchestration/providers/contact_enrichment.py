"""Finding and verifying how to reach people, step by step as `domain.reaching` plans it.

Nothing here is stored: what is known goes in, what is known after it comes out, and the caller
keeps it in one transaction. What was paid for stands in the ledger meanwhile.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from bg_orchestration.domain.contacts import (
    Step,
    corrected,
    next_step,
    told,
    verified,
)
from bg_orchestration.domain.model import ContactPoint, Correction
from bg_orchestration.ledger.calls import Request
from bg_orchestration.ledger.errors import CallRefusedError, ProviderError
from bg_orchestration.providers.protocols import (
    ContactFinder,
    EmailVerifier,
    FoundContact,
    Reached,
    Verification,
    Wanted,
)
from bg_orchestration.providers.waterfall import Outcomes, Watched


@dataclass(slots=True)
class Contacting:
    """What is known of how to reach some people, and whom was asked what.

    Attributes:
        wanted: who is to be reached, by person id.
        held: what is known of each.
        corrections: what people put right: nobody is asked about that.
        outcomes: what became of asking each provider.
        protected: those whom a provider may not tell of: they are to be forgotten here too.
        read: when a provider's record was read: by provider, its id, person id.
    """

    wanted: Mapping[str, Wanted]
    held: dict[str, list[ContactPoint]]
    corrections: Mapping[str, Sequence[Correction]]
    outcomes: Outcomes = field(default_factory=Outcomes)
    protected: set[str] = field(default_factory=set)
    read: dict[tuple[str, str, str], datetime] = field(default_factory=dict)
    _asked: set[tuple[str, str]] = field(default_factory=set)

    def run(
        self,
        request: Request,
        finders: Sequence[ContactFinder],
        verifiers: Sequence[EmailVerifier],
        today: date,
    ) -> None:
        """Ask until nothing is missing or nobody is left to ask.

        Raises:
            BudgetSpentError: the day's budget would be passed.
        """
        finding = {one.name: one for one in finders}
        verifying = {one.name: one for one in verifiers}
        while step := next_step(self._put_right(), [*finding], [*verifying], self._asked, today):
            self._asked.update((step.provider, item) for item in step.items)
            try:
                if step.kind == "find":
                    self._find(request, finding[step.provider], step)
                else:
                    self._verify(request, verifying[step.provider], step)
            except ProviderError as error:
                self.outcomes.fault(error)
                del (finding if step.kind == "find" else verifying)[step.provider]

    def _put_right(self) -> dict[str, list[ContactPoint]]:
        return {
            person_id: corrected(points, self.corrections.get(person_id, ()))
            for person_id, points in self.held.items()
            if person_id not in self.protected
        }

    def _find(self, request: Request, finder: ContactFinder, step: Step) -> None:
        found = 0
        for reached, at in self._each(request, finder, [self.wanted[one] for one in step.items]):
            on = at.date()
            points = [point_of(reached.person_id, one, finder.name, on) for one in reached.contacts]
            if reached.person_id in step.items:
                self.held[reached.person_id] = told(
                    self.held[reached.person_id], points, finder.name
                )
                found += bool(points)
                if reached.source_id:
                    self.read[finder.name, reached.source_id, reached.person_id] = at
        self.outcomes.note(finder.name, f"found {found} of {len(step.items)}")

    def _each(
        self, request: Request, finder: ContactFinder, wanted: Sequence[Wanted]
    ) -> Iterator[tuple[Reached, datetime]]:
        """What a finder tells of each, and when; of several whom one spoils, each is asked alone.

        What was paid for already is answered from the ledger.
        """
        watched = Watched(request)
        left = {one.person_id: one for one in wanted}
        try:
            for reached in finder.contacts(watched, wanted):
                left.pop(reached.person_id, None)
                assert watched.oldest is not None, "an answer was read"
                yield reached, watched.oldest
        except CallRefusedError as error:
            if len(wanted) > 1:
                for one in left.values():
                    yield from self._each(request, finder, [one])
            elif error.kind == "compliance":
                self.protected.add(wanted[0].person_id)

    def _verify(self, request: Request, verifier: EmailVerifier, step: Step) -> None:
        judged = 0
        for one in self._each_address(request, verifier, step.items):
            judged += 1
            status = "undeliverable" if one.suppress else one.status
            statuses = {one.email.casefold(): status}
            for person_id, points in self.held.items():
                self.held[person_id] = verified(points, statuses, one.checked_at.date())
        self.outcomes.note(verifier.name, f"judged {judged} of {len(step.items)}")

    def _each_address(
        self, request: Request, verifier: EmailVerifier, emails: Sequence[str]
    ) -> Iterator[Verification]:
        try:
            yield from verifier.verify(request, emails)
        except CallRefusedError:
            if len(emails) > 1:
                for one in emails:
                    yield from self._each_address(request, verifier, [one])


def point_of(person_id: str, found: FoundContact, source: str, seen_on: date) -> ContactPoint:
    """What a provider found, as we keep it."""
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
