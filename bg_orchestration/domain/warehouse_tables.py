"""The tables of the warehouse: names, columns, types and meaning. It imports no library.

`VERSION` changes when a column is removed, renamed or changes its meaning. A version may get new
tables and columns.
"""

from dataclasses import dataclass
from typing import Final, Literal

VERSION: Final = 1

ColumnType = Literal[
    "text", "int", "float", "bool", "instant", "texts", "gaps", "gatekeepers", "contacts"
]


@dataclass(frozen=True, slots=True)
class WarehouseColumn:
    """A column; `required` means that it is never null."""

    name: str
    type: ColumnType
    description: str
    required: bool = True


@dataclass(frozen=True, slots=True)
class WarehouseTable:
    """A table; `key` names the columns that identify a row."""

    name: str
    description: str
    key: tuple[str, ...]
    columns: tuple[WarehouseColumn, ...]


def _column(name: str, type_: ColumnType, description: str) -> WarehouseColumn:
    return WarehouseColumn(name, type_, description)


def _optional(name: str, type_: ColumnType, description: str) -> WarehouseColumn:
    return WarehouseColumn(name, type_, description, required=False)


_COMPANY = _column("company_id", "text", "our id of the company")
_PROFILE = _column("profile_id", "text", "the seller profile of the group")
_PERSON = _column("person_id", "text", "our id of the person")

BUYER_GROUPS: Final = WarehouseTable(
    "buyer_groups",
    "The published buyer groups, one for each company and seller profile.",
    ("company_id", "profile_id"),
    (
        _COMPANY,
        _PROFILE,
        _column("company_name", "text", "name of the company"),
        _optional("domain", "text", "registrable web domain of the company"),
        _optional("industry", "text", "industry as the source writes it"),
        _optional("country", "text", "country as the source writes it"),
        _optional("owner", "text", "the seller's employee who owns the account"),
        _column("followed", "bool", "whether the company is refreshed"),
        _column("company_size", "int", "head count that the judgement used"),
        _column("size_low", "int", "least members of a group at this size"),
        _column("size_high", "int", "most members of a group at this size"),
        _column("people_known", "int", "people of the company that were judged"),
        _column("completeness", "float", "share of the purchase's needs with a member, 0 to 1"),
        _column("confidence", "float", "calibrated confidence of the group, 0 to 1"),
        _column("covered", "texts", "needs that members cover, such as decision, function sales"),
        _column("gaps", "gaps", "needs that no member covers, where to look, and who is nearest"),
        _column("gatekeepers", "gatekeepers", "who screens a member"),
        _column("created_at", "instant", "first publication"),
        _column("changed_at", "instant", "last change of the group"),
        _optional("refreshed_at", "instant", "end of the last completed refresh of the company"),
    ),
)
MEMBERS: Final = WarehouseTable(
    "members",
    "The members of the published groups, with role and reasons.",
    ("company_id", "profile_id", "person_id"),
    (
        _COMPANY,
        _PROFILE,
        _PERSON,
        _column("name", "text", "name of the person"),
        _column("title", "text", "job title"),
        _column("seniority", "text", "rank that the title states"),
        _column("function", "text", "function that the person works for"),
        _column("role", "text", "decision, champion, stakeholder, blocker or introducer"),
        _column("score", "float", "relevance for the purchase, 0 to 1"),
        _column("reasons", "texts", "why the person is a member in this role"),
        _optional("started_on", "text", "start of the job: YYYY, YYYY-MM or YYYY-MM-DD"),
        _optional("decided", "text", "confirmed or assigned, if a user gave the role"),
        _optional("email", "text", "best address that may be used"),
        _optional("phone", "text", "best phone number that may be used"),
        _column("contacts", "contacts", "all contact points with source, status and dates"),
        _column("changed_at", "instant", "last change of the member's row"),
    ),
)
CHANGES: Final = WarehouseTable(
    "changes",
    "The changes of published groups. A row is valid until the next change of the same aspect.",
    ("change_id",),
    (
        _column("change_id", "int", "number of the change"),
        _COMPANY,
        _PROFILE,
        _PERSON,
        _optional("name", "text", "name of the person"),
        _column(
            "kind",
            "text",
            "joined, left (the company), dropped (from the group), role_changed, title_changed or "
            "contact_changed",
        ),
        _optional("cause", "text", "why the person joined, left or was dropped"),
        _column("aspect", "text", "what changed: membership, title or contact"),
        _optional("old", "text", "role or title before"),
        _optional("new", "text", "role or title since"),
        _optional("title", "text", "title of the person at that time"),
        _optional("since", "text", "start of the job, as exact as it is known"),
        _optional("other_company_id", "text", "of a move, the other company, if it is followed"),
        _optional("other_company", "text", "of a move, the name of the other company"),
        _column("gaps_opened", "texts", "needs that no member covers since this change"),
        _column("gaps_closed", "texts", "needs that a member covers since this change"),
        _column("refresh_id", "text", "the refresh that found it"),
        _column("valid_from", "instant", "when it was published"),
        _optional("valid_to", "instant", "the next change of the same aspect; null while it holds"),
    ),
)
COVERAGE: Final = WarehouseTable(
    "coverage",
    "The followed companies with the figures of their groups, also companies without a group.",
    ("company_id", "profile_id"),
    (
        _COMPANY,
        _optional("profile_id", "text", "the seller profile; null for a company without a group"),
        _optional("refreshed_at", "instant", "end of the last completed refresh"),
        _column("members", "int", "members of the group"),
        _column("decision", "int", "members who decide"),
        _column("champion", "int", "members who champion"),
        _column("stakeholder", "int", "members with a stake"),
        _column("blocker", "int", "members who can block"),
        _column("introducer", "int", "members who can introduce"),
        _column("reachable", "int", "members with an address or a phone number"),
        _column("completeness", "float", "share of the purchase's needs with a member, 0 to 1"),
        _column("confidence", "float", "calibrated confidence of the group, 0 to 1"),
        _column("open_gaps", "int", "needs that no member covers"),
    ),
)
EXTERNAL_IDS: Final = WarehouseTable(
    "external_ids",
    "The ids by which other tools know our companies and people.",
    ("system", "external_id"),
    (
        _column("system", "text", "tool and kind of record, such as salesforce:account"),
        _column("external_id", "text", "id in that tool"),
        _column("kind", "text", "company or person"),
        _column("our_id", "text", "company_id or person_id"),
        _column("source", "text", "file, domain, email or user"),
        _column("first_seen", "instant", "first time that the source had it"),
        _column("last_seen", "instant", "last time that the source had it"),
    ),
)
TABLES: Final = (BUYER_GROUPS, MEMBERS, CHANGES, COVERAGE, EXTERNAL_IDS)
