"""How many people take part in a purchase, and how high the rank must be that approves it.

The ranges follow what analysts publish of business purchases: 5 to 11 people in a usual one
(Gartner, "The B2B Buying Journey"), 13 on average and more where large firms spend much
(Forrester, "The State of Business Buying, 2024"). In a small firm the founders decide almost
alone. The limits between the bands and the amounts of approval are our own working assumptions,
shaped like the delegation-of-authority tables that companies use: the amount grows with rank and
with the size of the company.
"""

from typing import Literal

from bg_orchestration.domain.model import Company, Seniority

Band = Literal["small", "typical", "large"]

_SMALL_BELOW = 50  # employees; also the limit of a small enterprise in EU Recommendation 2003/361
_LARGE_FROM = 5_000
_LARGE_FOR_BIG_DEALS_FROM = 1_000
_TINY_DEAL_USD = 5_000
_BIG_DEAL_USD = 250_000

RANGES: dict[Band, tuple[int, int]] = {"small": (1, 4), "typical": (5, 11), "large": (12, 18)}

_ANY = float("inf")
# US dollars that a rank can approve alone.
AUTHORITY_USD: dict[Band, dict[Seniority, float]] = {
    "small": {"owner": _ANY, "c_suite": _ANY, "vp": 100_000, "director": 50_000, "manager": 5_000},
    "typical": {
        "owner": _ANY, "c_suite": _ANY, "vp": 250_000, "director": 100_000, "manager": 10_000
    },
    "large": {
        "owner": _ANY, "c_suite": _ANY, "vp": 1_000_000, "director": 250_000, "manager": 25_000
    },
}  # fmt: skip


def company_size(company: Company, known_people: int) -> int:
    """The head count to judge with: the one stated, else the number of people known."""
    return company.employee_count or known_people


def company_band(company_size: int) -> Band:
    """The kind of company that `company_size` employees make."""
    if company_size < _SMALL_BELOW:
        return "small"
    return "typical" if company_size < _LARGE_FOR_BIG_DEALS_FROM else "large"


def size_range(company_size: int, deal_size_usd: float) -> tuple[int, int]:
    """The least and the most members of a group, never more than the company has people."""
    least, most = RANGES[group_band(company_size, deal_size_usd)]
    return min(least, company_size), min(most, company_size)


def group_band(company_size: int, deal_size_usd: float) -> Band:
    """The kind of group that buys: a large company buys small things like a smaller one."""
    if company_size < _SMALL_BELOW:
        return "small"
    if deal_size_usd < _TINY_DEAL_USD:
        return "typical" if company_size >= _LARGE_FROM else "small"
    big = deal_size_usd >= _BIG_DEAL_USD
    return (
        "large"
        if company_size >= (_LARGE_FOR_BIG_DEALS_FROM if big else _LARGE_FROM)
        else "typical"
    )


def can_approve(seniority: Seniority, company_size: int, deal_size_usd: float) -> bool:
    """Whether this rank may approve the deal alone, within its own function."""
    authority = AUTHORITY_USD[company_band(company_size)].get(seniority, 0.0)
    return authority >= deal_size_usd


def lowest_approver(company_size: int, deal_size_usd: float) -> Seniority:
    """The lowest rank that approves the deal: where to look when nobody known can."""
    authority = AUTHORITY_USD[company_band(company_size)]
    return [rank for rank, limit in authority.items() if limit >= deal_size_usd][-1]
