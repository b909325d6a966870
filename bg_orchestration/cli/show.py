"""`bg show`: a published buyer group."""

from typing import Any

import click
from rich.console import Group as Lines
from rich.table import Table
from rich.text import Text

from bg_orchestration.cli.common import as_json, console, database, print_json
from bg_orchestration.domain.model import ROLES, Group
from bg_orchestration.store.companies import company as find_company
from bg_orchestration.store.database import reading
from bg_orchestration.store.groups import profile_ids, published
from bg_orchestration.store.reports import names_of


@click.command()
@click.argument("company")
@click.option("--profile", help="Seller profile; needed only where a company has several groups.")
@as_json
def command(company: str, profile: str | None, json_: bool) -> None:
    """Show COMPANY's buyer group: who decides, champions, blocks; how to reach them, and why."""
    with database() as engine, reading(engine) as connection:
        found = find_company(connection, company)
        if found is None:
            raise click.ClickException(f"No company {company} is known. List them: bg companies")
        profiles = profile_ids(connection, company)
        if not profiles:
            raise click.ClickException(
                f"{company} has no published group yet. Make one: bg refresh {company}"
            )
        if profile is None and len(profiles) > 1:
            profile = "default" if "default" in profiles else profiles[0]
        group = published(connection, company, profile or profiles[0])
        if group is None:
            raise click.ClickException(
                f"{company} has no group for profile {profile}; it has: {', '.join(profiles)}"
            )
        names = names_of(connection, [member.person_id for member in group.group.members])
    if json_:
        print_json(as_dict(group, names))
    else:
        console().print(as_text(found.name, group, names))


def as_dict(group: Group, names: dict[str, str]) -> dict[str, Any]:
    """The group for programs: the facts of the group, then its members in order of role."""
    facts = group.group.model_dump(exclude={"members"})
    return facts | {
        "members": [
            {
                "person_id": member.person_id,
                "name": names.get(member.person_id),
                **member.model_dump(exclude={"person_id"}),
                "contacts": [
                    contact.model_dump(exclude={"person_id"})
                    for contact in group.contacts
                    if contact.person_id == member.person_id
                ],
            }
            for member in _in_order(group)
        ]
    }


def as_text(company_name: str, group: Group, names: dict[str, str], reasons: int = 99) -> Lines:
    """The group for people: members by role, at most `reasons` reasons each, and who is missing."""
    facts = group.group
    low, high = facts.size_range
    members = Table(box=None, show_header=False, pad_edge=False)
    for column in ("role", "score"):
        members.add_column(column, no_wrap=True)
    members.add_column("who")
    for member in _in_order(group):
        reach = [
            contact.value for contact in group.contacts if contact.person_id == member.person_id
        ]
        who = Text(names.get(member.person_id, member.person_id), style="bold")
        who.append(f", {member.title}" if member.title else "", style="not bold")
        who.append("\n" + "; ".join(member.reasons[:reasons]), style="not bold dim")
        if reach:
            who.append("\n" + ", ".join(reach), style="not bold dim")
        members.add_row(member.role, f"{member.score:.2f}", who)
    return Lines(
        Text(f"{company_name} ({facts.company_id}), profile {facts.profile_id}", style="bold"),
        f"{len(facts.members)} members, {low} to {high} fit a company of {facts.company_size}; "
        f"required roles covered {facts.completeness:.0%}, cohesion {facts.cohesion:.2f}",
        members,
        *(Text(f"Missing: {gap}", style="yellow") for gap in facts.gaps),
    )


def _in_order(group: Group) -> list[Any]:
    return sorted(
        group.group.members,
        key=lambda member: (ROLES.index(member.role), -member.score, member.person_id),
    )
