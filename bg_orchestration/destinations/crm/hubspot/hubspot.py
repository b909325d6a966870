"""HubSpot: buying role and company of contacts.

API: https://developers.hubspot.com/docs/api-reference/crm-contacts-v3 and -associations-v4. The
vendor's client builds the requests, which a session with time-outs sends: its own sender has none,
and it prints errors.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

import requests
from hubspot import HubSpot as Client
from hubspot.utils.requests.http_request_builder import Request
from sqlalchemy import Engine

from bg_orchestration.destinations.crm.protocol import (
    BATCH,
    TIMEOUT,
    Crm,
    CrmError,
    CrmResponse,
    NewContact,
    Reading,
    UnclearWriteError,
)
from bg_orchestration.destinations.crm.vocabulary import choose_words, read_words
from bg_orchestration.domain.crm_cells import CrmCell, CrmPerson, Vocabulary, join_values
from bg_orchestration.domain.throttle import RateLimit
from bg_orchestration.settings import Settings
from bg_orchestration.store.upserts import chunks

ROLE: Final = "hs_buying_role"
_LINKED: Final = "linked"
# What a person changes when they work on a contact; the last is set by notes, calls and meetings.
_WORKED_ON: Final = [
    *("email", "firstname", "lastname", "jobtitle", "company", "phone", "hubspot_owner_id"),
    *(ROLE, "notes_last_updated"),
]
_CONTACTS: Final = "/crm/v3/objects/contacts"
_LINKS: Final = "/crm/v4/associations/contacts/companies/batch"


class HubSpot(Crm):
    """HubSpot with its token."""

    name = "hubspot"
    label = "HubSpot"
    # https://developers.hubspot.com/docs/developer-tooling/platform/usage-guidelines: 100 requests
    # in 10 s for a private app of the smallest plan.
    limit = RateLimit(per_second=9.0, at_once=100)

    def __init__(self, engine: Engine, config: Settings) -> None:
        """Create it.

        Raises:
            CrmError: no token is set, or the file of roles is unreadable.
        """
        if config.hubspot_token is None:
            raise CrmError(
                "BG_HUBSPOT_TOKEN is not set. Make a private app in HubSpot (Settings, "
                "Integrations) and set it to the app's access token"
            )
        super().__init__(engine, read_words(config.crm_roles, self.name))
        self._client = Client(
            access_token=config.hubspot_token.get_secret_value(), base_url=config.hubspot_url
        )
        self._encode: Callable[[Iterable[str]], str] = Vocabulary({}).joined

    def check(self) -> None:
        """Choose among the values in HubSpot's definition of the field."""
        response = self._call("GET", f"/crm/v3/properties/contacts/{ROLE}")
        if response.status == 404:
            raise CrmError(
                f"HubSpot's contacts have no property {ROLE}. Turn it on (Settings, Properties, "
                "Contact properties, Buying Role), then try again"
            )
        options = [
            str(option.get("value"))
            for option in self._items(response, "options")
            if not option.get("hidden")
        ]
        vocabulary = choose_words(self.words, f"HubSpot's property {ROLE}", options)
        is_multiple = response.field_of("fieldType") == "checkbox"
        self._encode = vocabulary.joined if is_multiple else vocabulary.strongest

    def contacts_with(self, emails: Collection[str]) -> dict[str, list[str]]:
        """Find contacts by their primary address."""
        emails_of = {
            str(record["id"]): (record.get("properties") or {}).get("email")
            for record in self._contacts(emails, ["email"], idProperty="email")
        }
        return {contact: [str(email)] for contact, email in emails_of.items() if email}

    def companies_with(self, domains: Collection[str]) -> dict[str, list[str]]:
        """Find companies by domain."""
        found: dict[str, list[str]] = {}
        for chunk in chunks(sorted(set(domains)), BATCH):
            of_domains = {"propertyName": "domain", "operator": "IN", "values": list(chunk)}
            body: dict[str, Any] = {
                "filterGroups": [{"filters": [of_domains]}],
                "properties": ["domain"],
                "limit": BATCH,
            }
            while True:
                response = self._call("POST", "/crm/v3/objects/companies/search", body)
                for record in self._items(response, "results"):
                    found[str(record["id"])] = [str(record["properties"]["domain"])]
                if not (after := _next_page(response.body)):
                    break
                body["after"] = after
        return found

    def wanted(self, person: CrmPerson, written: Iterable[CrmCell]) -> dict[CrmCell, str]:
        """Role of the contact, and a link to each company where the person works."""
        values = dict.fromkeys(written, "")
        values[CrmCell("role", person.contact)] = self._encode(person.all_roles)
        for company in person.jobs:
            values[CrmCell("company", person.contact, company)] = _LINKED
        return values

    def read(self, cells: Collection[CrmCell]) -> Reading:
        """Read roles and links, 100 contacts a request."""
        reading = Reading()
        roles = self._read_roles(sorted({cell.record for cell in cells}), reading)
        with_links = {cell.record for cell in cells if cell.field == "company"}
        links = self._read_links(sorted(with_links & roles.keys()))
        for cell in cells:
            if cell.record in roles:
                is_linked = (cell.record, cell.target) in links
                of_link = _LINKED if is_linked else ""
                reading.values[cell] = of_link if cell.field == "company" else roles[cell.record]
        return reading

    def _read_roles(self, contacts: Sequence[str], reading: Reading) -> dict[str, str]:
        roles: dict[str, str] = {}
        merged: dict[str, str] = {}
        for record in self._contacts(contacts, [ROLE, "hs_merged_object_ids"]):
            properties = record.get("properties") or {}
            roles[str(record["id"])] = join_values((properties.get(ROLE) or "").split(";"))
            for old in (properties.get("hs_merged_object_ids") or "").split(";"):
                merged[old] = str(record["id"])
        # HubSpot answers for a merged contact with the one that is left.
        reading.problems = {
            contact: self._gone(contact, merged.get(contact))
            for contact in contacts
            if contact in merged or contact not in roles
        }
        return {contact: roles[contact] for contact in contacts if contact not in reading.problems}

    def _contacts(
        self, keys: Collection[str], properties: list[str], **options: str
    ) -> Iterator[Mapping[str, Any]]:
        """Yield the contacts with these keys; a contact that is missing is left out."""
        for chunk in chunks(sorted(set(keys)), BATCH):
            body = {"properties": properties, "inputs": [{"id": key} for key in chunk], **options}
            yield from self._items(self._call("POST", f"{_CONTACTS}/batch/read", body), "results")

    def _read_links(self, contacts: Sequence[str]) -> set[tuple[str, str]]:
        """Return the pairs of contact and company that are linked."""
        links: set[tuple[str, str]] = set()
        inputs = [{"id": contact} for contact in contacts]
        while inputs:
            body, inputs = {"inputs": inputs[:BATCH]}, inputs[BATCH:]
            # A contact without a company is an error in this partial success.
            for result in self._items(self._call("POST", f"{_LINKS}/read", body), "results"):
                contact = str(result["from"]["id"])
                links |= {(contact, str(to["toObjectId"])) for to in result.get("to") or ()}
                if after := _next_page(result):
                    inputs.append({"id": contact, "after": after})
        return links

    def write(self, values: Mapping[CrmCell, str]) -> dict[CrmCell, str]:
        """Write roles in one request, links in one and their removals in another."""
        faults: dict[CrmCell, str] = {}
        for path, is_of_path, as_input in (
            (
                f"{_CONTACTS}/batch/update",
                lambda cell: not cell.target,
                lambda cell: {"id": cell.record, "properties": {ROLE: values[cell]}},
            ),
            (
                f"{_LINKS}/associate/default",
                lambda cell: cell.target and values[cell],
                lambda cell: {"from": {"id": cell.record}, "to": {"id": cell.target}},
            ),
            (
                f"{_LINKS}/archive",
                lambda cell: cell.target and not values[cell],
                lambda cell: {"from": {"id": cell.record}, "to": [{"id": cell.target}]},
            ),
        ):
            if cells := [cell for cell in values if is_of_path(cell)]:
                faults |= self._write_batch(cells, path, as_input)
        return faults

    def _write_batch(
        self, cells: Sequence[CrmCell], path: str, as_input: Callable[[CrmCell], Any]
    ) -> dict[CrmCell, str]:
        body = {"inputs": [as_input(cell) for cell in cells]}
        response = self._call("POST", path, body, writes=True)
        if response.ok:
            return _faults_in(response, cells)
        if len(cells) == 1:
            return {cells[0]: _message(response)}
        # One bad record fails the whole batch: halve it until it stands alone.
        half = len(cells) // 2
        return {
            **self._write_batch(cells[:half], path, as_input),
            **self._write_batch(cells[half:], path, as_input),
        }

    def create(self, contact: NewContact) -> str:
        """Create a contact with its names, address, title and company's name."""
        first, _, last = contact.name.rpartition(" ")
        properties = {
            "email": contact.email,
            "firstname": first,
            "lastname": last,
            "jobtitle": contact.title,
            "company": contact.company,
        }
        body = {"properties": {name: value for name, value in properties.items() if value}}
        response = self._call("POST", _CONTACTS, body, writes=True)
        if not response.ok:
            raise ValueError(_message(response))
        return str(response.field_of("id"))

    def is_changed(self, contact: str) -> bool:
        """See whether anything but an integration wrote one of the properties."""
        body = {"propertiesWithHistory": _WORKED_ON, "properties": [], "inputs": [{"id": contact}]}
        found = self._items(self._call("POST", f"{_CONTACTS}/batch/read", body), "results")
        return any(
            change.get("sourceType") != "INTEGRATION"
            for record in found
            for changes in (record.get("propertiesWithHistory") or {}).values()
            for change in changes
        )

    def archive(self, contact: str) -> None:
        """Move a contact to HubSpot's recycle bin."""
        response = self._call("DELETE", f"{_CONTACTS}/{contact}", writes=True)
        if not response.ok and response.status != 404:
            raise CrmError(f"HubSpot does not delete contact {contact}: {_message(response)}")

    def _call(
        self, method: str, path: str, body: Any = None, *, writes: bool = False
    ) -> CrmResponse:
        """Send a request; every status but 401 and 403 is an answer."""
        options = {"method": method, "path": path, **({} if body is None else {"body": body})}
        response = self._send(lambda: self._request(options), writes=writes)
        if response.status == 401:
            raise CrmError(
                "HubSpot refuses the token: it is wrong, expired or replaced. Copy the access "
                "token of the private app (Settings, Integrations) into BG_HUBSPOT_TOKEN"
            )
        if response.status == 403:
            scopes = ", ".join(_missing_scopes(response)) or "a scope"
            raise CrmError(
                f"The token of HubSpot lacks {scopes}. Add it to the private app (Settings, "
                "Integrations, Scopes), then try again"
            )
        return response

    def _request(self, options: dict[str, Any]) -> CrmResponse:
        request = Request(self._client.config, options)
        try:
            answer = self._session.request(
                request.get_method(),
                request.get_url(),
                timeout=TIMEOUT,
                allow_redirects=False,
                **request.get_options_for_sending(),
            )
        except requests.RequestException:
            return CrmResponse(0)
        headers = {name.lower(): value for name, value in answer.headers.items()}
        try:
            return CrmResponse(answer.status_code, headers, answer.json())
        except ValueError:
            # A success without JSON comes from a server between us and HubSpot.
            status = answer.status_code
            return CrmResponse(502 if status == 200 else status, headers)

    def _items(self, response: CrmResponse, name: str) -> list[Any]:
        if not response.ok:
            raise CrmError(f"HubSpot refuses to be read: {_message(response)}")
        if not isinstance(found := response.field_of(name), list):
            raise CrmError(
                f"HubSpot's answer has no {name}; its API may have changed. Update bg_orchestration"
            )
        return found


def _next_page(body: Mapping[str, Any]) -> Any:
    return ((body.get("paging") or {}).get("next") or {}).get("after")


def _missing_scopes(response: CrmResponse) -> Iterator[str]:
    for error in response.field_of("errors") or ():
        context = error.get("context") or {}
        for name in ("requiredGranularScopes", "requiredScopes"):
            yield from map(str, context.get(name) or ())


def _faults_in(response: CrmResponse, cells: Sequence[CrmCell]) -> dict[CrmCell, str]:
    """Return the faults of a partial success (207) by cell.

    Raises:
        UnclearWriteError: an error names none of the cells.
    """
    faults: dict[CrmCell, str] = {}
    for error in response.field_of("errors") or ():
        values = (error.get("context") or {}).values()
        ids = {str(each) for ids in values for each in (ids if isinstance(ids, list) else [ids])}
        message = str(error.get("message") or error.get("category") or "refused")
        of_error = [
            cell
            for cell in cells
            if cell.record in ids and (not cell.target or cell.target in ids or len(ids) == 1)
        ]
        if not of_error:
            raise UnclearWriteError(message)
        faults |= dict.fromkeys(of_error, message)
    return faults


def _message(response: CrmResponse) -> str:
    return str(response.field_of("message") or f"status {response.status}")
