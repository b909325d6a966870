"""`bg replay-judgement`: a new judgement of stored people, beside the published one."""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import click
from sqlalchemy import Connection

from bg_orchestration.cli.lookup import company_named, database
from bg_orchestration.cli.printing import as_json
from bg_orchestration.domain.as_of import people_as_of
from bg_orchestration.domain.changes import diff
from bg_orchestration.domain.judgement.policy import Policy
from bg_orchestration.domain.judgement.roles import assign
from bg_orchestration.domain.judgement.scoring import score_people
from bg_orchestration.domain.judgement.seller_profile import SellerProfile
from bg_orchestration.domain.model import Company, Group, Person
from bg_orchestration.profiles import ProfileError, load_policy, load_profile, load_profiles
from bg_orchestration.refreshes.decisions import decisions_of
from bg_orchestration.refreshes.history import company_history, events_since
from bg_orchestration.refreshes.overview import names_of
from bg_orchestration.refreshes.publishing import profile_ids, published
from bg_orchestration.report.rejudgement import (
    AsJson,
    AsText,
    GroupComparison,
    Tally,
)
from bg_orchestration.report.terminal import echo
from bg_orchestration.settings import settings
from bg_orchestration.store.companies import followed_ids, people_of
from bg_orchestration.store.database import clock, reading

_PROGRESS_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class Rules:
    """The rules to judge by: seller profiles, each with the id of its published group."""

    profiles: tuple[tuple[SellerProfile, str], ...]
    policy: Policy


@click.command()
@click.argument("companies", nargs=-1)
@click.option(
    "--profile",
    type=click.Path(path_type=Path),
    help="Judge by this seller profile: a YAML file, or an example that ships, such as security.  "
    "[default: the profiles in force]",
)
@click.option(
    "--against",
    metavar="ID",
    help="Compare with the published groups of this profile.  [default: the same id, or "
    "the only profile in force]",
)
@click.option(
    "--since",
    type=click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M:%S"]),
    metavar="DATE",
    help="Judge the people as of this date or 2026-03-01T12:00:00, in UTC, as far as events "
    "report the changes since.",
)
@as_json
def replay_judgement(
    companies: tuple[str, ...],
    profile: Path | None,
    against: str | None,
    since: datetime | None,
    json_: bool,
) -> None:
    """Judge the stored people of COMPANIES (default: all) again and show the differences.

    The result is compared with what is published. Decisions hold, as in a refresh.
    Nothing is bought, stored or published.

    \b
    bg replay-judgement --profile stricter.yaml
    bg replay-judgement acme --profile new.yaml --against default
    bg replay-judgement acme --since 2026-03-01
    """
    if against is not None and profile is None:
        raise click.UsageError("--against says what to compare --profile with: name that as well")
    rules = _rules(profile, against)
    since = since and since.replace(tzinfo=UTC)
    tally = Tally()
    with database() as engine:
        with reading(engine) as connection:
            now = clock(connection)
            if since is not None and since > now:
                raise click.BadParameter("lies in the future", param_hint="--since")
            company_ids = [company_named(connection, name).company_id for name in companies]
            ids = list(dict.fromkeys(company_ids)) or followed_ids(connection)
            events = {} if since is None else events_since(connection, since, ids)
        tell: AsJson | AsText = AsJson(since or now) if json_ else AsText(since or now)
        for company_id in _with_progress(ids):
            # Each company in a transaction of its own: there may be 100,000.
            with reading(engine) as connection:
                company = company_named(connection, company_id)
                people: Sequence[Person] = people_of(connection, company_id)
                if since is not None:
                    keys = events.get(company_id, [])
                    people = _people_as_of(connection, company, people, since, keys, tally)
                comparisons = list(_comparisons(connection, company, people, rules))
                tally.count(comparisons, () if comparisons else profile_ids(connection, company_id))
            tell.company(company, comparisons)
    tell.end(tally, since)
    if ids and not tally.groups:
        raise click.ClickException(_nothing_to_compare(rules, tally))


def _with_progress(company_ids: Sequence[str]) -> Iterator[str]:
    """Yield the companies, and report the progress on stderr every few seconds."""
    reported_at = time.monotonic()
    for number, company_id in enumerate(company_ids):
        if time.monotonic() - reported_at >= _PROGRESS_SECONDS:
            reported_at = time.monotonic()
            echo(f"{number:,} of {len(company_ids):,} companies judged", err=True)
        yield company_id


def _rules(profile: Path | None, against: str | None) -> Rules:
    folder = settings().profiles
    try:
        policy = load_policy(folder)
        in_force = [] if profile is not None and against else load_profiles(folder)
        if profile is None:
            return Rules(tuple((seller, seller.id) for seller in in_force), policy)
        loaded = load_profile(profile)
    except ProfileError as error:
        raise click.ClickException(str(error)) from None
    ids = [seller.id for seller in in_force]
    if against is None and len(ids) == 1 and loaded.id not in ids:
        echo(f"Note: profile {loaded.id} is compared with the groups of {ids[0]}", err=True)
        against = ids[0]
    return Rules(((loaded, against or loaded.id),), policy)


def _people_as_of(
    connection: Connection,
    company: Company,
    people: Sequence[Person],
    since: datetime,
    events: Sequence[int],
    tally: Tally,
) -> tuple[Person, ...]:
    """Return the people of a company as of `since`."""
    past = company_history(connection, company.company_id, since, events)
    then = people_as_of(company, people, past.former, past.events, since.date())
    tally.forgotten += past.forgotten
    tally.unknown_values += then.unknown_values
    tally.newcomers += sum(person.person_id in past.newcomers for person in then.people)
    return then.people


def _comparisons(
    connection: Connection, company: Company, people: Sequence[Person], rules: Rules
) -> Iterator[GroupComparison]:
    """Compare each published group of the company with its new judgement."""
    scored = None
    for profile, against in rules.profiles:
        old = published(connection, company.company_id, against)
        if old is None:
            continue
        if scored is None:
            sellers = [seller for seller, _ in rules.profiles]
            scored = score_people(company, people, sellers, rules.policy)
        decisions = decisions_of(connection, company.company_id).get(against, ())
        new = assign(company, scored, profile, rules.policy, decisions)
        # The judgement does not concern contacts: both sides have the same ones.
        changes = diff(old, Group(group=new, contacts=old.contacts))
        labels = names_of(connection, [change.person_id for change in changes])
        yield GroupComparison(old.group, new, changes, labels)


def _nothing_to_compare(rules: Rules, tally: Tally) -> str:
    profile_ids = ", ".join(against for _, against in rules.profiles)
    if not tally.other_profiles:
        return "No group is published yet, so there is nothing to compare with: bg refresh COMPANY"
    return (
        f"No group is published for profile {profile_ids}, so there is nothing to compare with. "
        f"Name a profile that has groups: --against {' or '.join(sorted(tally.other_profiles))}"
    )
