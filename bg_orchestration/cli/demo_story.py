"""The story of the demo: changes of people at the sample companies."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import Connection

from bg_orchestration.domain.model import Member
from bg_orchestration.refreshes.overview import names_of
from bg_orchestration.refreshes.publishing import published
from bg_orchestration.store.companies import company as find_company
from bg_orchestration.webhooks.sending import ReceiverAnswer

SOURCE = "demo"

# A company that a person leaves for another one, one with three changes at once, one with a
# promotion.
LEFT, JOINED, BUSY, CALM = COMPANIES = (
    "tesselloft-cloudworks",
    "waterlinde-logistiek",
    "fjordlicht-software",
    "vetralba-farmaceutici",
)


@dataclass(frozen=True, slots=True)
class Story:
    """One step of the story, and its event."""

    sentence: str
    event: dict[str, Any]
    forged: bool = False

    def body(self) -> bytes:
        """Return the body to sign and post."""
        return json.dumps(self.event, ensure_ascii=False).encode()


@dataclass(frozen=True, slots=True)
class PostedEvent:
    """A posted event and the receiver's answer."""

    story: Story
    answer: ReceiverAnswer


def tell(connection: Connection) -> list[Story]:
    """Return the events of the story; each changes a published group."""
    here, there = _company(connection, LEFT), _company(connection, JOINED)
    leaver = _member(connection, LEFT, "decision")
    moves = _event(
        connection, "person.company_change", JOINED, leaver.person_id,
        oldCompany=here.name, newCompany=there.name, newTitle="VP Sales",
    )  # fmt: skip
    champion = _member(connection, BUSY, "champion")
    at_once = [
        _event(connection, "person.role_change", BUSY, champion.person_id, newTitle="CRM Admin"),
        _event(connection, "person.company_change", BUSY, "demo-new-1", name="Runa Talvik",
               newCompany=_company(connection, BUSY).name, newTitle="Head of Sales Operations"),
        _event(connection, "person.company_change", BUSY, "demo-new-2", name="Ilo Perrande",
               newCompany=_company(connection, BUSY).name, newTitle="Leiterin Vertrieb"),
    ]  # fmt: skip
    stakeholder = _member(connection, CALM, "champion")
    promotion = _event(
        connection, "person.promotion", CALM, stakeholder.person_id, newTitle="VP Sales"
    )
    viewed = _event(connection, "person.profile_viewed", CALM, stakeholder.person_id)
    return [
        *(
            Story(f"{BUSY}: change {number} of {len(at_once)} within a second", event)
            for number, event in enumerate(at_once, 1)
        ),
        Story(f"A decision maker of {LEFT} moves to {JOINED}", moves),
        Story(f"{CALM}: a champion is promoted", promotion),
        Story("The promotion once more, as a sender that heard no answer would", promotion),
        Story("A profile was viewed: not a change of a person", viewed),
        Story("A promotion signed with a key that is not the provider's",
              {**promotion, "id": str(uuid4())}, forged=True),
    ]  # fmt: skip


def _company(connection: Connection, company_id: str) -> Any:
    return find_company(connection, company_id)


def _member(connection: Connection, company_id: str, role: str) -> Member:
    group = published(connection, company_id, "default")
    assert group is not None
    return next(member for member in group.group.members if member.role == role)


def _event(
    connection: Connection, kind: str, company_id: str, person_id: str, **person: str
) -> dict[str, Any]:
    name = names_of(connection, [person_id]).get(person_id, "")
    return {
        "id": str(uuid4()),
        "source": SOURCE,
        "type": kind,
        "timestamp": datetime.now(UTC).isoformat(),
        "person": {"id": person_id, "name": name, **person},
        "company": {"id": company_id, "name": _company(connection, company_id).name},
        "changes": {},
    }
