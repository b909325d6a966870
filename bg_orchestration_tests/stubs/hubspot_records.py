"""The records of a HubSpot account; tests change them as people do."""

from collections import Counter
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

_OPTIONS = (
    "BLOCKER", "BUDGET_HOLDER", "CHAMPION", "DECISION_MAKER", "END_USER", "EXECUTIVE_SPONSOR",
    "INFLUENCER", "LEGAL_AND_COMPLIANCE", "OTHER",
)  # fmt: skip


@dataclass
class HubSpotRecords:
    """The records of an account, and how often each endpoint was called."""

    contacts: dict[str, dict[str, str]] = field(default_factory=dict)
    companies: dict[str, str] = field(default_factory=dict)
    links: set[tuple[str, str]] = field(default_factory=set)
    merged: dict[str, str] = field(default_factory=dict)
    options: list[str] = field(default_factory=lambda: list(_OPTIONS))
    field_type: str = "checkbox"
    # Contacts that HubSpot refuses to change, one by one or with their whole batch.
    refused: set[str] = field(default_factory=set)
    spoiling: set[str] = field(default_factory=set)
    # What was written over the API; every other value is from a person.
    own: dict[str, dict[str, str]] = field(default_factory=dict)
    calls: Counter[str] = field(default_factory=Counter)
    # Every write: contact or link, and the value.
    written: list[tuple[str, str]] = field(default_factory=list)

    @property
    def writes(self) -> int:
        """The number of requests that write."""
        return sum(count for name, count in self.calls.items() if name.startswith("write"))

    def state(self) -> Any:
        """Everything that an undo must restore."""
        roles = {
            contact: {name: value for name, value in properties.items() if value}
            for contact, properties in self.contacts.items()
        }
        return deepcopy((roles, self.companies, self.links))
