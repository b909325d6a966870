"""The records of a Salesforce org; tests change them as people do."""

from collections import Counter
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

# https://help.salesforce.com: the roles of a new org.
_ROLES = (
    "Business User", "Decision Maker", "Economic Buyer", "Economic Decision Maker", "Evaluator",
    "Executive Sponsor", "Influencer", "Technical Buyer", "Other",
)  # fmt: skip


def key(prefix: str, number: int) -> str:
    """An id of 18 characters: 003 contact, 001 account, 006 opportunity, 00K contact role."""
    return f"{prefix}{number:015d}"


@dataclass
class SalesforceRecords:
    """The records of an org, and how often each endpoint was called."""

    contacts: dict[str, dict[str, Any]] = field(default_factory=dict)
    # Opportunity: account and whether it is closed.
    opportunities: dict[str, tuple[str, bool]] = field(default_factory=dict)
    # Contact role: contact, opportunity and role.
    roles: dict[str, tuple[str, str, str]] = field(default_factory=dict)
    # The ids of contact roles that a person made primary.
    primary: set[str] = field(default_factory=set)
    values: list[str] = field(default_factory=lambda: list(_ROLES))
    fields: list[str] = field(default_factory=lambda: ["Buyer_Role__c"])
    # Whether the user of the token may edit contact roles.
    may_edit: bool = True
    # Contacts whose changes a rule of the org refuses.
    refused: set[str] = field(default_factory=set)
    # Contacts that were created, as they were last written over the API.
    own: dict[str, dict[str, Any]] = field(default_factory=dict)
    calls: Counter[str] = field(default_factory=Counter)
    # Every write: contact, the opportunity or field, and the value.
    written: list[tuple[str, str, str]] = field(default_factory=list)
    made: int = 0

    @property
    def writes(self) -> int:
        """The number of requests that write."""
        return sum(count for name, count in self.calls.items() if name.startswith("write"))

    def state(self) -> Any:
        """Everything that an undo must restore; ids of contact roles are new."""
        contacts = {
            contact: {name: value for name, value in each.items() if value}
            for contact, each in self.contacts.items()
            if not each.get("IsDeleted")
        }
        return deepcopy((contacts, sorted(self.roles.values())))
