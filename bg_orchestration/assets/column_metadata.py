"""The columns of each asset's value, as Dagit shows them, and where a column comes from.

A test compares them with the models and tables that they describe.
"""

from collections.abc import Mapping
from typing import Final

import dagster as dg

from bg_orchestration import names

_Columns = Mapping[str, tuple[str, str]]

_PERSON_ID = "Id of the person; `bg show COMPANY` has the name."
_TITLE = "Title of the job, as the source writes it."
_STARTED_ON = "Start of the job: YYYY, YYYY-MM or YYYY-MM-DD, as exact as the source."

_COMPANY: Final[_Columns] = {
    "company_id": ("string", "The partition key: our id of the company."),
    "name": ("string", "Name of the company."),
    "domain": ("string", "Registrable web domain, by which providers find the company."),
    "employee_count": ("int", "Head count that the source states."),
    "industry": ("string", "Industry, in the source's words."),
    "country": ("string", "Country of the head office."),
}
_PEOPLE: Final[_Columns] = {
    "person_id": ("string", _PERSON_ID),
    "name": ("string", "Name of the person."),
    "title": ("string", _TITLE),
    "department": ("string", "Department, in the source's words."),
    "country": ("string", "Country in which the person works."),
    "started_on": ("string", _STARTED_ON),
}
_SCORED_PEOPLE: Final[_Columns] = {
    "person": ("Person", "The person with title and department, as in `people`."),
    "job": (
        "Job",
        "Reading of the title: seniority, rank that counts, functions, traits, scope, confidence.",
    ),
    "scores": (
        "dict[profile_id, Score]",
        "For each seller profile the total from 0 to 1, and its parts with weight and reason.",
    ),
}
_BUYER_GROUP: Final[_Columns] = {
    "company_id": ("string", "The company."),
    "profile_id": ("string", "The seller profile: what is sold."),
    "company_size": ("int", "Head count that the judgement used."),
    "size_range": ("(int, int)", "Least and most members for this company and deal."),
    "people_known": ("int", "How many people of the company were judged."),
    "members": (
        "list[Member]",
        "The people who take part, each with title, role, score, reasons and a user's decision.",
    ),
    "covered": ("list[string]", "Needs of this purchase that a member covers."),
    "gaps": ("list[Gap]", "Needs without a member, where to look, and who comes nearest."),
    "gatekeepers": ("list[Gatekeeper]", "Assistants and receptions, each with the member guarded."),
    "completeness": ("float", "Share of the needs that are covered, from 0 to 1."),
    "confidence": ("float", "Probability that decision maker and champion are right, from 0 to 1."),
}
_CONTACTS: Final[_Columns] = {
    "person_id": ("string", _PERSON_ID),
    "kind": ("string", "`email` or `phone`."),
    "value": ("string", "The address or the number. Personal data."),
    "source": ("string", "The provider, the file, or `person` for a user's correction."),
    "type": ("string", "`work`, `mobile`, ... in the source's words."),
    "status": ("string", "Quality: a verifier's word, else the source's."),
    "seen_on": ("string", "Day (UTC) on which the source last reported it."),
    "verified_on": ("string", "Day (UTC) on which a verifier last checked it."),
    "do_not_contact": ("bool", "Whether the source forbids its use."),
}
_PUBLISHED: Final[_Columns] = {
    "company_id": ("string", "The company."),
    "profile_id": ("string", "The seller profile: what is sold."),
    "person_id": ("string", _PERSON_ID),
    "title": ("string", _TITLE),
    "seniority": ("string", "Rank that the title states."),
    "function": ("string", "Function for which the person works."),
    "role": ("string", "decision, champion, stakeholder, blocker or introducer."),
    "score": ("float", "How much the person matters to the purchase, from 0 to 1."),
    "reasons": ("json", "Why this role: sentences, the deciding one first."),
    "started_on": ("string", _STARTED_ON),
    "decided": ("string", "confirmed or assigned if a user gave the role, else empty."),
    "contacts": ("json", "Contact points of the member. Personal data."),
    "changed_at": ("timestamp", "When the row last changed (UTC); a refresh alone changes none."),
}
COLUMNS: Final[Mapping[str, _Columns]] = {
    names.COMPANY: _COMPANY,
    names.PEOPLE: _PEOPLE,
    names.SCORED_PEOPLE: _SCORED_PEOPLE,
    names.BUYER_GROUP: _BUYER_GROUP,
    names.CONTACTS: _CONTACTS,
    names.PUBLISHED_BUYER_GROUP: _PUBLISHED,
    names.INBOX: {
        "source": ("string", "The sender that signed the event."),
        "event_id": ("string", "The sender's id; a second event with it is a duplicate."),
        "type": ("string", "Such as `person.role_change`."),
        "company_id": ("string", "The company of the event."),
        "person_id": ("string", "The person of the event."),
        "happened_at": ("timestamp", "The sender's time of the change."),
        "received_at": ("timestamp", "When the receiver stored the event (UTC)."),
        "state": ("string", "received, pending, handled, ignored or dead."),
        "reason": ("string", "Why the event is ignored or dead."),
    },
    names.PEOPLE_DIRECTORY: {
        "person_id": ("string", "Id of the person."),
        "name": ("string", "Name of the person."),
        "company_id": ("string", "A present or former employer."),
        "title": ("string", _TITLE),
        "department": ("string", "Department, in the source's words."),
        "started_on": ("string", _STARTED_ON),
        "current": ("bool", "Whether the person still has this job."),
        "source": ("string", "The file, provider or event that reported the job."),
    },
}

# The columns of a published member that the group's members already have.
_MEMBER_FIELDS: Final = tuple(
    name
    for name in _PUBLISHED
    if name not in ("company_id", "profile_id", "contacts", "changed_at")
)

# Columns whose values pass through: asset and column, by the column that takes them. What the
# judgement makes, such as role and score, has no column upstream.
_LINEAGE: Final[Mapping[str, Mapping[str, tuple[tuple[str, str], ...]]]] = {
    names.PEOPLE: {
        name: ((names.PEOPLE_DIRECTORY, name),)
        for name in ("person_id", "name", "title", "department", "started_on")
    },
    names.SCORED_PEOPLE: {
        "person": tuple((names.PEOPLE, name) for name in _PEOPLE),
        "job": ((names.PEOPLE, "title"), (names.PEOPLE, "department")),
    },
    names.BUYER_GROUP: {
        "company_id": ((names.COMPANY, "company_id"),),
        "company_size": ((names.COMPANY, "employee_count"),),
        "members": tuple((names.SCORED_PEOPLE, name) for name in _SCORED_PEOPLE),
    },
    names.CONTACTS: {"person_id": ((names.BUYER_GROUP, "members"),)},
    names.PUBLISHED_BUYER_GROUP: {
        "company_id": ((names.BUYER_GROUP, "company_id"),),
        "profile_id": ((names.BUYER_GROUP, "profile_id"),),
        **dict.fromkeys(_MEMBER_FIELDS, ((names.BUYER_GROUP, "members"),)),
        "contacts": tuple((names.CONTACTS, name) for name in _CONTACTS if name != "person_id"),
    },
}


def column_schema(asset: str) -> dg.TableSchema:
    """Return the columns of an asset's value, each with type, description and origin.

    The origin stands in the description too: Dagit's open version draws no column lineage.
    """
    lineage = _LINEAGE.get(asset, {})
    return dg.TableSchema(
        columns=[
            dg.TableColumn(name, kind, description=description + _origin(lineage.get(name, ())))
            for name, (kind, description) in COLUMNS[asset].items()
        ]
    )


def _origin(sources: tuple[tuple[str, str], ...]) -> str:
    if not sources:
        return ""
    if len(sources) == 1:
        return f" From `{sources[0][0]}.{sources[0][1]}`."
    return f" From `{sources[0][0]}`."


def column_lineage(asset: str) -> dg.TableColumnLineage | None:
    """Return from which columns the columns of an asset take their values."""
    lineage = _LINEAGE.get(asset)
    if lineage is None:
        return None
    return dg.TableColumnLineage(
        {
            name: [dg.TableColumnDep(dg.AssetKey(upstream), column) for upstream, column in sources]
            for name, sources in lineage.items()
        }
    )
