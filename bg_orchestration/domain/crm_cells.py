"""Which values to write into a CRM: ours beside theirs and our last write. Pure."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

# The strongest first: a field with a single choice gets the strongest role of a person.
ROLES: Final = ("decision", "champion", "blocker", "stakeholder", "introducer")
Comparison = Literal["same", "write", "conflict", "undone"]


@dataclass(frozen=True, slots=True, order=True)
class CrmCell:
    """A place for one value in a CRM.

    Attributes:
        field: the destination's name of the field, such as `role`.
        record: the id of the contact there; empty for a contact that does not exist yet.
        target: the id of the other record, for a link or a role in it; the field's name there, if
            a setting names it; else empty.
    """

    field: str
    record: str
    target: str = ""


@dataclass(frozen=True, slots=True)
class LastWrite:
    """Our last write of a cell: its value and, if it was an undo, the value that it took away."""

    value: str
    undone: str | None = None


@dataclass(frozen=True, slots=True)
class CrmPerson:
    """A person with a contact in the CRM.

    Attributes:
        person_id: our id.
        contact: the id of the contact there.
        roles: the person's roles in published groups, by the company's id there; under the empty
            id those at companies that the CRM does not have.
        jobs: the ids there of the companies where the person works now.
    """

    person_id: str
    contact: str
    roles: Mapping[str, Collection[str]] = field(default_factory=dict)
    jobs: frozenset[str] = frozenset()

    @property
    def all_roles(self) -> frozenset[str]:
        """All roles, at any company."""
        return frozenset().union(*self.roles.values())


def compare_values(wanted: str, current: str, last: LastWrite | None) -> Comparison:
    """Decide on a cell; an empty value means none.

    A value is ours if it equals our last write. A person set every other value, or emptied the
    cell after our write: that is a conflict and is not overwritten. What a user undid is not
    written again while the group wants the same value.
    """
    if current == wanted:
        return "same"
    if current != (last.value if last else ""):
        return "conflict"
    return "undone" if last is not None and last.undone == wanted else "write"


@dataclass(frozen=True, slots=True)
class RoleWords:
    """The words of a CRM for our roles, as a file maps them.

    Attributes:
        write: their values of each of our roles, the best first; a role without one is not written.
        read: our role of further values of theirs.
    """

    write: Mapping[str, tuple[str, ...]]
    read: Mapping[str, str]

    def ours(self, value: str) -> str | None:
        """Return our role of a value of theirs."""
        roles = (role for role, theirs in self.write.items() if value in theirs)
        return next(roles, self.read.get(value))


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The values of a field: `write` has one for each of our roles that is written."""

    write: Mapping[str, str]

    def strongest(self, roles: Iterable[str]) -> str:
        """Return the value of the strongest role; empty without one."""
        theirs = [self.write[role] for role in sorted(roles, key=ROLES.index) if role in self.write]
        return theirs[0] if theirs else ""

    def joined(self, roles: Iterable[str]) -> str:
        """Return the values of all roles, as a field with several choices holds them."""
        return join_values(self.write[role] for role in roles if role in self.write)


def join_values(values: Iterable[str]) -> str:
    """Join the values of a field with several choices; their order means nothing."""
    return ";".join(sorted({value.strip() for value in values if value.strip()}))
