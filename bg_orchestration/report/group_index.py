"""The index of all published groups: one HTML file with search and filters."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from bg_orchestration.domain.change_words import role_words
from bg_orchestration.domain.company_ids import report_file_of
from bg_orchestration.domain.judgement.seller_profile import SellerProfile
from bg_orchestration.domain.quantities import quantity
from bg_orchestration.refreshes.report_reading import GroupLine
from bg_orchestration.report.templates import environment, inline

_NEWS = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class _Row:
    """A line of the index in words; `states` are the filters that show it."""

    line: GroupLine
    href: str
    product: str
    about: str
    group: str
    missing: str
    states: list[str]


def group_index(
    lines: Iterable[GroupLine], profiles: Mapping[str, SellerProfile], now: datetime
) -> str:
    """Return the index as HTML.

    Args:
        lines: the groups, in the order of their names.
        profiles: the seller profiles of today by id.
        now: when the index is written, in UTC.
    """
    listed = list(lines)
    products = {
        each.profile_id: profile.name
        if (profile := profiles.get(each.profile_id))
        else each.profile_id
        for each in listed
    }
    style, style_hash = inline("page.css")
    list_style, list_style_hash = inline("group_index.css")
    script, script_hash = inline("group_index.js")
    return (
        environment()
        .get_template("group_index.html")
        .render(
            lines=[_row(line, products, now) for line in listed],
            profiles=sorted(set(products.values())),
            owners=sorted({line.owner for line in listed if line.owner}),
            now=now,
            style=style,
            style_hash=style_hash,
            list_style=list_style,
            list_style_hash=list_style_hash,
            script=script,
            script_hash=script_hash,
        )
    )


def _row(line: GroupLine, products: Mapping[str, str], now: datetime) -> _Row:
    product = products[line.profile_id]
    deciders = quantity(line.deciders, "decision maker")
    about = [product] if len(set(products.values())) > 1 else []
    about += [each for each in (line.industry, line.country) if each]
    return _Row(
        line,
        f"{report_file_of(line.company_id)}#group-{line.profile_id}",
        product,
        ", ".join(about),
        f"{deciders}, {line.reachable} reachable",
        ", ".join(map(role_words, line.gaps)) or "nothing",
        list(_states(line, now)),
    )


def _states(line: GroupLine, now: datetime) -> Iterator[str]:
    yield "missing" if line.gaps else "complete"
    if not line.deciders:
        yield "undecided"
    if not line.reachable:
        yield "unreachable"
    if line.news_at is not None and now - line.news_at <= _NEWS:
        yield "changed"
