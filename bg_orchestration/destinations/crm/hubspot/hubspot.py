"""HubSpot: buying role and company of contacts.

API: https://developers.hubspot.com/docs/api-reference/crm-contacts-v3 and -associations-v4. The
vendor's client builds the requests, which a session with time-outs sends: its own sender has none,
and it prints errors.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any, Final, TypeVar

import requests
from hubspot import HubSpot as Client
from hubspot.utils.requests.http_request_builder import Request
from sqlalchemy import Engine

from bg_orchestration.destinations.crm.protocol import (
    TIMEOUT,
    CrmError,
    CrmResponse,
    NewContact,
    Pacing,
    Reading,
)
from bg_orchestration.destinations.crm.vocabulary import check_vocabulary, read_vocabulary
from bg_orchestration.domain.crm_cells import (
    CrmCell,
    CrmPerson,
    join_values,
)
from bg_orchestration.domain.throttle import RateLimit
from bg_orchestration.settings import Settings

_T = TypeVar("_T")

# https://developers.hubspot.com/docs/developer-tooling/platform/usage-guidelines: 100 requests in
# 10 s for a private app of the smallest plan; 100 records in a batch.
_LIMIT: Final = RateLimit(per_second=9.0, at_once=100)
_BATCH: Final = 100
ROLE: Final = "hs_buying_role"
_LINKED: Final = "linked"
_CONTACTS: Final = "/crm/v3/objects/contacts"
_LINKS: Final = "/crm/v4/associations/contacts/companies/batch"


class HubSpot:
    """HubSpot with its token."""

    name = "hubspot"
    label = "HubSpot"

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
        self._client = Client(
            access_token=config.hubspot_token.get_secret_value(), base_url=config.hubspot_url
        )
        self._session = requests.Session()
        self._pacing = Pacing(engine, self.name, self.label, _LIMIT)
        self.vocabulary = read_vocabulary(config.crm_roles, self.name)
        self._is_multiple = True

    def check(self) -> None:
        """Compare the roles with HubSpot's definition of the field."""
        response = self._call("GET", f"/crm/v3/properties/contacts/{ROLE}")
        if response.status == 404:
            raise CrmError(
                f"HubSpot's contacts have no property {ROLE}. Turn it on (Settings, Properties, "
                "Contact properties, Buying Role), then try again"
            )
        options = [
            str(option.get("value"))
            for option in self._expect(response, "options") or ()
            if isinstance(option, Mapping) and not option.get("hidden")
        ]
        self._is_multiple = response.field_of("fieldType") == "checkbox"
        check_vocabulary(self.vocabulary, f"HubSpot's property {ROLE}", options)

    def contacts_with(self, emails: Collection[str]) -> dict[str, list[str]]:
        """Find contacts by their primary address."""
        found: dict[str, list[str]] = {}
        for chunk in _batches(sorted(set(emails))):
            body = {
                "idProperty": "email",
                "properties": ["email"],
                "inputs": [{"id": email} for email in chunk],
            }
            response = self._call("POST", f"{_CONTACTS}/batch/read", body)
            for record in self._expect(response, "results"):
                email = (record.get("properties") or {}).get("email")
                if email:
                    found[str(record["id"])] = [str(email)]
        return found

    def companies_with(self, domains: Collection[str]) -> dict[str, list[str]]:
        """Find companies by domain."""
        found: dict[str, list[str]] = {}
        for chunk in _batches(sorted(set(domains))):
            of_domains = {"propertyName": "domain", "operator": "IN", "values": list(chunk)}
            body: dict[str, Any] = {
                "filterGroups": [{"filters": [of_domains]}],
                "properties": ["domain"],
                "limit": _BATCH,
            }
            while True:
                response = self._call("POST", "/crm/v3/objects/companies/search", body)
                for record in self._expect(response, "results"):
                    found[str(record["id"])] = [str(record["properties"]["domain"])]
                following = (response.field_of("paging") or {}).get("next") or {}
                if not following.get("after"):
                    break
                body["after"] = following["after"]
        return found

    def prepare(self, companies: Collection[str]) -> None:
        """Read nothing: contacts hold all."""

    def wanted(self, person: CrmPerson, written: Iterable[CrmCell]) -> dict[CrmCell, str]:
        """Role of the contact, and a link to each company where the person works."""
        values = dict.fromkeys(written, "")
        encode = self.vocabulary.joined if self._is_multiple else self.vocabulary.strongest
        values[CrmCell("role", person.contact)] = encode(person.all_roles)
        for company in person.jobs:
            values[CrmCell("company", person.contact, company)] = _LINKED
        return values

    def read(self, cells: Collection[CrmCell]) -> Reading:
        """Read roles and links, 100 contacts a request."""
        reading = Reading()
        contacts = sorted({cell.record for cell in cells})
        roles = self._read_roles(contacts, reading)
        with_links = {cell.record for cell in cells if cell.field == "company"} & roles.keys()
        links = self._read_links(sorted(with_links)) if with_links else {}
        for cell in cells:
            if cell.record not in roles:
                continue
            if cell.field == "company":
                is_linked = cell.target in links.get(cell.record, ())
                reading.values[cell] = _LINKED if is_linked else ""
            else:
                reading.values[cell] = roles[cell.record]
        return reading

    def _read_roles(self, contacts: Sequence[str], reading: Reading) -> dict[str, str]:
        roles: dict[str, str] = {}
        for chunk in _batches(contacts):
            body = {
                "properties": [ROLE, "hs_merged_object_ids"],
                "inputs": [{"id": contact} for contact in chunk],
            }
            records = self._expect(self._call("POST", f"{_CONTACTS}/batch/read", body), "results")
            merged: dict[str, str] = {}
            for record in records:
                properties = record.get("properties") or {}
                roles[str(record["id"])] = join_values((properties.get(ROLE) or "").split(";"))
                for old in (properties.get("hs_merged_object_ids") or "").split(";"):
                    merged[old] = str(record["id"])
            for contact in chunk:
                if contact in merged:
                    # HubSpot answers with the contact that is left.
                    roles.pop(contact, None)
                    reading.problems[contact] = _merged(contact, merged[contact])
                elif contact not in roles:
                    reading.problems[contact] = (
                        f"contact {contact} does not exist in HubSpot any more. Restore it there, "
                        f"or forget its id: bg external-ids remove hubspot:contact {contact}"
                    )
        return {contact: roles[contact] for contact in contacts if contact in roles}

    def _read_links(self, contacts: Sequence[str]) -> dict[str, set[str]]:
        links: dict[str, set[str]] = {}
        for chunk in _batches(contacts):
            # A contact without a company is an error in this partial success.
            body = {"inputs": [{"id": contact} for contact in chunk]}
            for result in self._expect(self._call("POST", f"{_LINKS}/read", body), "results"):
                links.setdefault(str(result["from"]["id"]), set()).update(
                    str(to["toObjectId"]) for to in result.get("to") or ()
                )
        return links

    def write(self, values: Mapping[CrmCell, str]) -> dict[CrmCell, str]:
        """Write roles and links, 100 a request."""
        roles = [cell for cell in values if cell.field == "role"]
        links = [cell for cell in values if cell.field == "company"]
        added = [cell for cell in links if values[cell]]
        removed = [cell for cell in links if not values[cell]]
        return {
            **self._write_batches(
                roles,
                f"{_CONTACTS}/batch/update",
                lambda cell: {"id": cell.record, "properties": {ROLE: values[cell]}},
            ),
            **self._write_batches(
                added,
                f"{_LINKS}/associate/default",
                lambda cell: {"from": {"id": cell.record}, "to": {"id": cell.target}},
            ),
            **self._write_batches(
                removed,
                f"{_LINKS}/archive",
                lambda cell: {"from": {"id": cell.record}, "to": [{"id": cell.target}]},
            ),
        }

    def _write_batches(
        self, cells: Sequence[CrmCell], path: str, as_input: Callable[[CrmCell], Any]
    ) -> dict[CrmCell, str]:
        faults: dict[CrmCell, str] = {}
        # A link belongs to a contact once a batch, so that an error names one cell.
        for chunk in _batches(cells):
            faults |= self._write_batch(chunk, path, as_input)
        return faults

    def _write_batch(
        self, cells: Sequence[CrmCell], path: str, as_input: Callable[[CrmCell], Any]
    ) -> dict[CrmCell, str]:
        body = {"inputs": [as_input(cell) for cell in cells]}
        response = self._call("POST", path, body, writes=True)
        if response.ok:
            return _faults_in(response, cells)
        self._raise_refusal(response)
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
            "company": contact.company or "",
        }
        body = {"properties": {name: value for name, value in properties.items() if value}}
        response = self._call("POST", _CONTACTS, body, writes=True)
        if not response.ok:
            self._raise_refusal(response)
            raise ValueError(_message(response))
        return str(response.field_of("id"))

    def archive(self, contact: str) -> None:
        """Move a contact to HubSpot's recycle bin."""
        response = self._call("DELETE", f"{_CONTACTS}/{contact}", writes=True)
        if not response.ok and response.status != 404:
            self._raise_refusal(response)
            raise CrmError(f"HubSpot does not delete contact {contact}: {_message(response)}")

    def close(self) -> None:
        """Close the connections."""
        self._session.close()

    def _call(
        self, method: str, path: str, body: Any = None, *, writes: bool = False
    ) -> CrmResponse:
        """Send a request; a 404 and a 400 are answers."""
        options = {"method": method, "path": path, **({} if body is None else {"body": body})}
        endpoint = path.removeprefix("/crm/") if not path[-1].isdigit() else "contact"
        response = self._pacing.send(endpoint, lambda: self._send(options), writes=writes)
        if response.status in (401, 403):
            self._raise_refusal(response)
        return response

    def _send(self, options: dict[str, Any]) -> CrmResponse:
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
            body = answer.json()
        except ValueError:
            # A success without JSON comes from a server between us and HubSpot.
            status = answer.status_code
            return CrmResponse(502 if status == 200 else status, headers)
        return CrmResponse(answer.status_code, headers, body)

    def _expect(self, response: CrmResponse, name: str) -> Any:
        if not response.ok:
            self._raise_refusal(response)
            raise CrmError(f"HubSpot refuses to be read: {_message(response)}")
        if not isinstance(found := response.field_of(name), list):
            raise CrmError(
                f"HubSpot's answer has no {name}; its API may have changed. Update bg_orchestration"
            )
        return found

    def _raise_refusal(self, response: CrmResponse) -> None:
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


def _merged(old: str, new: str) -> str:
    return (
        f"contact {old} was merged into {new} in HubSpot. If that is the same person: "
        f"bg external-ids remove hubspot:contact {old}; bg external-ids set hubspot:contact {new} "
        "PERSON"
    )


def _missing_scopes(response: CrmResponse) -> Iterator[str]:
    for error in response.field_of("errors") or ():
        context = error.get("context") or {}
        for name in ("requiredGranularScopes", "requiredScopes"):
            yield from map(str, context.get(name) or ())


def _faults_in(response: CrmResponse, cells: Sequence[CrmCell]) -> dict[CrmCell, str]:
    """Return the faults of a partial success (207) by cell."""
    faults: dict[CrmCell, str] = {}
    for error in response.field_of("errors") or ():
        context = error.get("context") or {}
        ids = {str(each) for values in context.values() for each in _as_list(values)}
        message = str(error.get("message") or error.get("category") or "refused")
        for cell in cells:
            if cell.record in ids and (not cell.target or cell.target in ids or len(ids) == 1):
                faults[cell] = message
    return faults


def _as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _message(response: CrmResponse) -> str:
    return str(response.field_of("message") or f"status {response.status}")


def _batches(items: Sequence[_T]) -> Iterator[Sequence[_T]]:
    return (items[start : start + _BATCH] for start in range(0, len(items), _BATCH))
