"""A fictional world that changes: companies, people who move between them, and what is pushed."""

import json
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

SOURCE = "fictional"
COMPANIES = {
    f"crash-co-{number}": name
    for number, name in enumerate(
        ("Alder", "Birch", "Cedar", "Dogwood", "Elm", "Fir", "Gingko", "Hazel"), start=1
    )
}
_BEGINNING = datetime(2026, 1, 5, 8, tzinfo=UTC)
_TITLES = {
    "Sales": ("VP Sales", "Head of Sales", "Sales Operations Manager", "Account Executive"),
    "Finance": ("Chief Financial Officer", "Finance Director", "Controller", "Accountant"),
    "IT": ("CIO", "IT Director", "Systems Administrator", "Security Engineer"),
    "Procurement": ("Head of Procurement", "Procurement Manager", "Buyer"),
    "Marketing": ("Chief Marketing Officer", "Marketing Manager", "Content Writer"),
}
_TYPES = ("person.role_change", "person.promotion", "person.department_change")


@dataclass
class World:
    """Some people of its own at companies shared with other worlds; the seed decides everything.

    Attributes:
        name: prefix of the ids of people and events.
        seed: what happens, and in which order.
    """

    name: str
    seed: int
    people: int = 30
    _jobs: dict[int, tuple[str, str, str]] = field(default_factory=dict)

    def events(self) -> Iterator[tuple[str, bytes]]:
        """Event ids and bodies without end, each later than the one before."""
        chance = random.Random(f"{self.seed} {self.name}")
        number = 0
        while True:
            number += 1
            event = self._next(chance, f"{self.name}-{number}")
            event["timestamp"] = (_BEGINNING + timedelta(minutes=number)).isoformat()
            yield event["id"], json.dumps(event).encode()

    def _next(self, chance: random.Random, event_id: str) -> dict[str, Any]:
        person = chance.randrange(self.people)
        old = self._jobs.get(person)
        company = old[0] if old and chance.random() < 0.7 else chance.choice(list(COMPANIES))
        department = chance.choice(list(_TITLES))
        title = chance.choice(_TITLES[department])
        self._jobs[person] = (company, title, department)
        moved = old is None or old[0] != company
        kind = "person.company_change" if moved else chance.choice(_TYPES)
        if chance.random() < 0.05:
            # Stored and ignored; says nothing about who works where.
            self._jobs[person], kind = old or self._jobs[person], "person.birthday"
            if old is None:
                del self._jobs[person]
        number = f"{self.name}-p{person}"
        event: dict[str, Any] = {
            "id": event_id,
            "source": SOURCE,
            "type": kind,
            "person": {
                "id": number,
                "name": f"Sample Person {number}",
                "email": f"{number}@example.invalid",
                "newTitle": title,
            },
            "company": {"id": company, "name": COMPANIES[company]},
            "changes": {"department": {"new": department}},
        }
        if kind == "person.company_change":
            event["person"]["newCompany"] = COMPANIES[company]
            if old:
                event["person"]["oldCompany"] = COMPANIES[old[0]]
        return event
