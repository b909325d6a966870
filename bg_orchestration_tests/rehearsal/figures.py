"""What a rehearsal comes to: the stubs' books beside our ledger."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, func, select

from bg_orchestration.store.schema.tables import buyer_groups, pipeline_operations
from bg_orchestration_tests.stubs.books import Books


@dataclass(frozen=True, slots=True)
class Figures:
    """The figures of a rehearsal.

    Attributes:
        companies: how many were to be published.
        published: how many were.
        paid: paid calls, as the providers counted them.
        distinct: different questions that our ledger has answers to.
        ambiguous: calls in our ledger that may have been charged without an answer.
    """

    companies: int
    published: int
    paid: int
    distinct: int
    ambiguous: int

    @property
    def good(self) -> bool:
        """Whether every company was published and nothing was paid for twice unless booked."""
        return self.published == self.companies and self.paid <= self.distinct + self.ambiguous

    def __str__(self) -> str:
        return (
            f"companies {self.companies}, published {self.published}, paid {self.paid}, "
            f"distinct questions {self.distinct}, ambiguous {self.ambiguous}"
        )


def published(connection: Connection, company_ids: Sequence[str]) -> set[str]:
    """Which of these companies have a published group."""
    query = select(buyer_groups.c.company_id).where(buyer_groups.c.company_id.in_(company_ids))
    return set(connection.scalars(query))


def figures(connection: Connection, books: Books, company_ids: Sequence[str]) -> Figures:
    """The figures now; nobody may be asking meanwhile."""
    state = pipeline_operations.c.state
    answered = state.in_(("answered", "not_found"))
    distinct, ambiguous = connection.execute(
        select(
            func.count(pipeline_operations.c.key.distinct()).filter(answered),
            func.count().filter(state == "ambiguous"),
        )
    ).one()
    return Figures(
        len(company_ids),
        len(published(connection, company_ids)),
        sum(line.paid for line in books.lines.values()),
        distinct,
        ambiguous,
    )
