"""A buyer group on the terminal: members by role, gaps and figures."""

from collections.abc import Iterator, Mapping, Sequence

from rich.console import Group as Lines
from rich.console import RenderableType
from rich.text import Text

from bg_orchestration.domain.model import ROLES, BuyerGroup, Gap, Gatekeeper, Member
from bg_orchestration.domain.quantities import quantity
from bg_orchestration.report.terminal import Table
from bg_orchestration.report.words import ROLE_WORDS, figures, fit_words, size_words


def as_text(
    heading: str,
    group: BuyerGroup,
    people: Mapping[str, str],
    *,
    employee_count: int | None,
    news: Sequence[str] = (),
    beside: Mapping[str, Sequence[str]] | None = None,
    reasons: int | None = None,
) -> Lines:
    """Return the group as text: size, date and what is missing first, then the members.

    Args:
        heading: the first line: company and product.
        group: the group.
        people: the labels of its members and of people near a gap, by id.
        employee_count: the head count that a source states, or `None`.
        news: lines on the age of the group and its changes.
        beside: further lines about members, by id, such as how to reach them.
        reasons: the most reasons of a member; all by default.
    """
    members = quantity(len(group.members), "member")
    return Lines(
        Text(heading, style="bold"),
        Text(f"{members}; {fit_words(group)} this deal; {size_words(group, employee_count)}"),
        *([] if group.gaps else [Text("Nothing is missing for this purchase.")]),
        *(_gap(gap, people) for gap in group.gaps),
        *map(Text, news),
        *_members(group, people, beside or {}, reasons),
        *(_way_in(each, people) for each in group.gatekeepers),
        *([Text(f"Covered: {', '.join(group.covered)}", "dim")] if group.covered else []),
        *(Text(f"{each.name} {each.value}: {each.meaning}", "dim") for each in figures(group)),
    )


def _members(
    group: BuyerGroup,
    people: Mapping[str, str],
    beside: Mapping[str, Sequence[str]],
    reasons: int | None,
) -> Iterator[RenderableType]:
    for role in ROLES:
        members = [member for member in group.members if member.role == role]
        if not members:
            continue
        yield Text(f"\n{ROLE_WORDS[role].heading}", "bold").append(
            f"  {ROLE_WORDS[role].meaning}", "not bold dim"
        )
        table = Table(box=None, show_header=False, pad_edge=False)
        table.add_column(no_wrap=True)
        table.add_column()
        for member in members:
            about = beside.get(member.person_id, ())
            table.add_row(f"{member.score:.2f}", _member(member, people, about, reasons))
        yield table


def _member(
    member: Member, people: Mapping[str, str], about: Sequence[str], reasons: int | None
) -> Text:
    name = people.get(member.person_id, member.person_id)
    text = Text(name, style="bold")
    if member.title and member.title != name:
        text.append(f", {member.title}", style="not bold")
    if name != member.person_id:
        text.append(f"  {member.person_id}", style="not bold dim")
    shown = member.reasons[:reasons]
    text.append("".join(f"\n{reason}" for reason in shown[:1]), style="not bold")
    for line in ("; ".join(shown[1:]), *about):
        text.append(f"\n{line}" if line else "", style="not bold dim")
    return text


def _way_in(each: Gatekeeper, people: Mapping[str, str]) -> Text:
    name, superior = (
        people.get(person_id, person_id) for person_id in (each.person_id, each.guards)
    )
    return Text("Way in: ", style="cyan").append(f"{name} screens {superior}", style="dim")


def _gap(gap: Gap, people: Mapping[str, str]) -> Text:
    nearest = ", ".join(people.get(each, each) for each in gap.nearest)
    text = Text("Missing: ", style="yellow").append(gap.look_for)
    return text.append(f"; nearest: {nearest}" if nearest else "", style="dim")
