"""The page of a company's published groups: one HTML file for salespeople."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any
from urllib.parse import quote

from jinja2 import Template

from bg_orchestration.domain.change_words import in_words
from bg_orchestration.domain.contacts import PERSON
from bg_orchestration.domain.diagnosis.facts import span
from bg_orchestration.domain.judgement.seller_profile import SellerProfile
from bg_orchestration.domain.model import ContactPoint, Member, Role
from bg_orchestration.refreshes.decisions import DecisionLine
from bg_orchestration.refreshes.overview import as_change
from bg_orchestration.refreshes.report_reading import CompanyFacts, GroupFacts
from bg_orchestration.report.picture import WIDTH, Picture, influence_picture
from bg_orchestration.report.published_group import decision_words
from bg_orchestration.report.templates import environment, inline, roles_of
from bg_orchestration.report.words import (
    GroupFigure,
    RoleWords,
    figures,
    fit_words,
    headline,
    size_words,
)
from bg_orchestration.settings import Settings


@dataclass(frozen=True, slots=True)
class _GroupSection:
    """The part of a page about one group, in words.

    `picture` is `None` if the seller profile exists no more.
    """

    facts: GroupFacts
    anchor: str
    product: str
    headline: str
    size: str
    fit: str
    figures: tuple[GroupFigure, ...]
    contacts: dict[str, list[ContactPoint]]
    news: list[tuple[date, str]]
    first_published: date | None
    roles: list[tuple[Role, RoleWords, list[Member]]]
    picture: Picture | None
    outside: list[DecisionLine]


def published_page(
    facts: CompanyFacts, profiles: Mapping[str, SellerProfile], config: Settings
) -> str:
    """Return the page of a company as HTML.

    Args:
        facts: the company with its groups.
        profiles: the seller profiles of today by id.
        config: the address of Dagit.
    """
    style, style_hash = inline("page.css")
    dates = facts.groups[0].dates
    as_of = dates.refreshed_at or max(each.dates.changed_at for each in facts.groups)
    return _template().render(
        company=facts.company,
        freshness=facts.freshness,
        refresh=facts.refresh,
        groups=[_section(facts, each, profiles) for each in facts.groups],
        now=dates.now,
        as_of=as_of,
        age=span(max(0.0, (dates.now - as_of).total_seconds())),
        style=style,
        style_hash=style_hash,
        width=WIDTH,
        run_url=_run_url(facts, config),
    )


def _run_url(facts: CompanyFacts, config: Settings) -> str | None:
    if facts.refresh is None or facts.refresh.run_id is None or not config.dagit_url:
        return None
    return f"{config.dagit_url}/runs/{facts.refresh.run_id}"


def _section(
    facts: CompanyFacts, each: GroupFacts, profiles: Mapping[str, SellerProfile]
) -> _GroupSection:
    group = each.group.group
    profile = profiles.get(group.profile_id)
    contacts = defaultdict[str, list[ContactPoint]](list)
    for point in each.group.contacts:
        contacts[point.person_id].append(point)
    members = {member.person_id for member in group.members}
    first = [line.changed_at.date() for line, _ in each.changes if line.cause == "first"]
    return _GroupSection(
        facts=each,
        anchor=f"group-{group.profile_id}",
        product=profile.name if profile else group.profile_id,
        headline=headline(group, each.names),
        size=size_words(group, facts.company.employee_count),
        fit=fit_words(group),
        figures=figures(group),
        contacts=dict(contacts),
        news=list(_news(each)),
        first_published=min(first, default=None),
        roles=roles_of(group),
        picture=influence_picture(group, profile, each.names)
        if profile and group.members
        else None,
        outside=[line for line in each.decisions if line.person_id not in members],
    )


def _news(facts: GroupFacts) -> Iterator[tuple[date, str]]:
    """Yield day and sentence of each change after the first publication."""
    for line, end in facts.changes:
        if line.cause != "first":
            day = line.changed_at.date()
            who = line.name or line.person_id
            other_end = as_change(end) if end else None
            yield day, in_words(as_change(line), who, day, other_end=other_end)


def _address(point: ContactPoint) -> str:
    """Return the address of a link that writes or calls."""
    if point.kind == "email":
        return f"mailto:{quote(point.value, safe='@+')}"
    return f"tel:{quote(''.join(point.value.split()), safe='+')}"


def _quality(point: ContactPoint) -> str:
    """Return what is known about a contact point: quality, day, source."""
    if point.source == PERSON:
        return "corrected by a user"
    day = f"checked on {point.verified_on}" if point.verified_on else ""
    seen = f"seen on {point.seen_on}" if point.seen_on and not day else ""
    words = [point.type, (point.status or "").replace("_", " "), day, seen, f"from {point.source}"]
    return ", ".join(word for word in words if word)


@cache
def _template() -> Template:
    filters: dict[str, Any] = {
        "address": _address, "quality": _quality, "decision": decision_words,
    }  # fmt: skip
    environment().filters |= filters
    return environment().get_template("published_page.html")
