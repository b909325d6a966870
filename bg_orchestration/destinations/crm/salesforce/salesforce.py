"""Salesforce: contact roles of open opportunities, and a field of contacts.

API: https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest: SOQL queries and
sObject collections of at most 200 records.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any, Final
from urllib.parse import urlsplit

import requests
from simple_salesforce.api import Salesforce as Client
from simple_salesforce.exceptions import SalesforceError
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
from bg_orchestration.domain.crm_cells import CrmCell, CrmPerson
from bg_orchestration.domain.throttle import RateLimit
from bg_orchestration.settings import Settings

# Salesforce counts requests a day and long ones at once; this is a modest pace.
_LIMIT: Final = RateLimit(per_second=10.0, at_once=100)
# An sObject collection takes 200 records; a query in a URL fewer ids.
_BATCH: Final = 100
_ID: Final = re.compile(r"[A-Za-z0-9]{15}(?:[A-Za-z0-9]{3})?")
_GONE: Final = frozenset({"ENTITY_IS_DELETED", "INVALID_CROSS_REFERENCE_KEY", "NOT_FOUND"})


class Salesforce:
    """Salesforce with its token."""

    name = "salesforce"
    label = "Salesforce"

    def __init__(self, engine: Engine, config: Settings) -> None:
        """Create it; with a client id it asks for a token at the first request.

        Raises:
            CrmError: a setting is missing, or the file of roles is unreadable.
        """
        if config.salesforce_url is None or "salesforce" not in config.crms:
            raise CrmError(
                "Salesforce is not set. Set BG_SALESFORCE_URL to https://acme.my.salesforce.com, "
                "and BG_SALESFORCE_TOKEN or BG_SALESFORCE_CLIENT_ID with "
                "BG_SALESFORCE_CLIENT_SECRET"
            )
        self._config = config
        self._url = config.salesforce_url
        self._session = requests.Session()
        # The client's exceptions hold no headers, and one of them is Retry-After.
        self._session.hooks["response"].append(self._keep_headers)
        self._headers: Mapping[str, str] = {}
        self._client: Client | None = None
        self._pacing = Pacing(engine, self.name, self.label, _LIMIT)
        self.vocabulary = read_vocabulary(config.crm_roles, self.name)
        self._field = config.salesforce_role_field
        self._opportunities: dict[str, set[str]] = {}
        # The contact roles that were read, for changes and removals.
        self._role_ids: dict[CrmCell, str] = {}

    def _keep_headers(self, answer: requests.Response, **_options: Any) -> None:
        self._headers = {name.lower(): value for name, value in answer.headers.items()}

    def check(self) -> None:
        """Compare the roles with Salesforce's definition of the fields."""
        place = "Salesforce's OpportunityContactRole.Role"
        roles = self._field_of("OpportunityContactRole", "Role")
        if roles is None and self._field is None:
            raise CrmError(
                "Salesforce has no OpportunityContactRole for this user. Give the user access to "
                "opportunities, or set BG_SALESFORCE_ROLE_FIELD to a field of contacts"
            )
        if roles is not None:
            check_vocabulary(self.vocabulary, place, _values(roles))
        if self._field is not None:
            field = self._field_of("Contact", self._field)
            if field is None:
                raise CrmError(
                    f"Salesforce's contacts have no field {self._field}, or this user may not see "
                    "it. Create it (Setup, Object Manager, Contact), or correct "
                    "BG_SALESFORCE_ROLE_FIELD"
                )
            if not field.get("updateable", True):
                raise CrmError(
                    f"This user may not edit Contact.{self._field} in Salesforce. Grant it in the "
                    "user's permission set"
                )
            if field.get("type") in ("picklist", "multipicklist"):
                check_vocabulary(
                    self.vocabulary, f"Salesforce's Contact.{self._field}", _values(field)
                )

    def _field_of(self, record: str, name: str) -> Mapping[str, Any] | None:
        response = self._call("GET", f"sobjects/{record}/describe", "describe")
        if response.status == 404:
            return None
        fields = self._expect(response).get("fields") or ()
        return next((each for each in fields if each.get("name") == name), None)

    def contacts_with(self, emails: Collection[str]) -> dict[str, list[str]]:
        """Find contacts by address."""
        return {
            record["Id"]: [record["Email"]]
            for chunk in _batches(sorted(set(emails)))
            for record in self._query(
                f"SELECT Id, Email FROM Contact WHERE Email IN ({_quoted(chunk)})"  # noqa: S608
            )
        }

    def companies_with(self, domains: Collection[str]) -> dict[str, list[str]]:
        """Find nothing: accounts have no domain. Their ids come from imports and by hand."""
        return {}

    def prepare(self, companies: Collection[str]) -> None:
        """Read the open opportunities of these accounts."""
        self._opportunities = defaultdict(set)
        for chunk in _batches(sorted(filter(_ID.fullmatch, companies))):
            for record in self._query(
                "SELECT Id, AccountId FROM Opportunity WHERE IsClosed = false "  # noqa: S608
                f"AND AccountId IN ({_quoted(chunk)})"
            ):
                self._opportunities[record["AccountId"]].add(record["Id"])

    def wanted(self, person: CrmPerson, written: Iterable[CrmCell]) -> dict[CrmCell, str]:
        """A role in each open opportunity of the person's accounts, and the field."""
        in_work = {each for ids in self._opportunities.values() for each in ids}
        # Roles in closed opportunities are history and stay.
        values = {cell: "" for cell in written if cell.field == "field" or cell.target in in_work}
        for account, roles in person.roles.items():
            for opportunity in self._opportunities.get(account, ()):
                cell = CrmCell("opportunity", person.contact, opportunity)
                values[cell] = self.vocabulary.strongest(roles)
        if self._field is not None:
            strongest = self.vocabulary.strongest(person.all_roles)
            values[CrmCell("field", person.contact)] = strongest
        return values

    def read(self, cells: Collection[CrmCell]) -> Reading:
        """Read contacts, deleted ones too, and their roles in opportunities."""
        reading = Reading()
        field = f", {self._field}" if self._field else ""
        contacts: dict[str, Mapping[str, Any]] = {}
        ids = sorted({cell.record for cell in cells})
        for chunk in _batches(list(filter(_ID.fullmatch, ids))):
            query = f"SELECT Id, IsDeleted, MasterRecordId{field} FROM Contact "  # noqa: S608
            for record in self._query(f"{query}WHERE Id IN ({_quoted(chunk)})", deleted=True):
                contacts[record["Id"]] = record
        for contact in ids:
            found = contacts.get(contact)
            if found is None or found["IsDeleted"]:
                reading.problems[contact] = _gone(contact, found and found["MasterRecordId"])
        readable = contacts.keys() - reading.problems.keys()
        roles = self._read_roles(sorted({c.target for c in cells if c.field == "opportunity"}))
        for cell in cells:
            if cell.record not in readable:
                continue
            if cell.field == "field":
                reading.values[cell] = str(contacts[cell.record].get(self._field or "") or "")
            elif len(of_cell := roles.get(cell, ())) > 1:
                reading.problems[cell.record] = (
                    f"contact {cell.record} has several roles in opportunity {cell.target}. "
                    "Delete all but one in Salesforce"
                )
            else:
                key, reading.values[cell] = next(iter(of_cell), ("", ""))
                self._role_ids[cell] = key
        return reading

    def _read_roles(self, opportunities: Sequence[str]) -> dict[CrmCell, list[tuple[str, str]]]:
        """Return id and value of the roles, by cell."""
        roles: dict[CrmCell, list[tuple[str, str]]] = defaultdict(list)
        for chunk in _batches(opportunities):
            for record in self._query(
                "SELECT Id, ContactId, OpportunityId, Role FROM OpportunityContactRole "  # noqa: S608
                f"WHERE OpportunityId IN ({_quoted(chunk)})"
            ):
                cell = CrmCell("opportunity", record["ContactId"], record["OpportunityId"])
                # A person who added the contact without a role has set a value as well.
                roles[cell].append((record["Id"], record["Role"] or "no role"))
        return roles

    def write(self, values: Mapping[CrmCell, str]) -> dict[CrmCell, str]:
        """Write fields and roles, each batch in one request; `read` has found the roles' ids."""
        fields = [cell for cell in values if cell.field == "field"]
        roles = [cell for cell in values if cell.field == "opportunity"]
        removed = [cell for cell in roles if not values[cell] and self._role_ids[cell]]
        changed = [cell for cell in roles if values[cell] and self._role_ids[cell]]
        added = [cell for cell in roles if values[cell] and not self._role_ids[cell]]
        return {
            **self._write_batches(
                "PATCH",
                fields,
                lambda cell: {
                    "attributes": {"type": "Contact"},
                    "Id": cell.record,
                    str(self._field): values[cell] or None,
                },
            ),
            **self._write_batches(
                "PATCH",
                changed,
                lambda cell: {
                    "attributes": {"type": "OpportunityContactRole"},
                    "Id": self._role_ids[cell],
                    "Role": values[cell],
                },
            ),
            **self._write_batches(
                "POST",
                added,
                lambda cell: {
                    "attributes": {"type": "OpportunityContactRole"},
                    "ContactId": cell.record,
                    "OpportunityId": cell.target,
                    "Role": values[cell],
                },
            ),
            **self._write_batches("DELETE", removed, self._role_ids.__getitem__),
        }

    def _write_batches(
        self, method: str, cells: Sequence[CrmCell], as_record: Callable[[CrmCell], Any]
    ) -> dict[CrmCell, str]:
        faults: dict[CrmCell, str] = {}
        for chunk in _batches(cells):
            records = [as_record(cell) for cell in chunk]
            if method == "DELETE":
                path = f"composite/sobjects?ids={','.join(records)}&allOrNone=false"
                response = self._call(method, path, "collections", writes=True)
            else:
                body = {"allOrNone": False, "records": records}
                response = self._call(
                    method, "composite/sobjects", "collections", body, writes=True
                )
            for cell, result in zip(chunk, self._expect(response), strict=True):
                if not result["success"]:
                    faults[cell] = _first_fault(result["errors"])
        return faults

    def create(self, contact: NewContact) -> str:
        """Create a contact; Salesforce's own rules may find a duplicate."""
        first, _, last = contact.name.rpartition(" ")
        body = {"FirstName": first, "LastName": last, "Email": contact.email}
        if contact.title:
            body["Title"] = contact.title
        response = self._call("POST", "sobjects/Contact", "contact", body, writes=True)
        if response.status == 400:
            raise ValueError(_first_fault(response.body))
        return str(self._expect(response)["id"])

    def archive(self, contact: str) -> None:
        """Move a contact to Salesforce's recycle bin."""
        response = self._call("DELETE", f"sobjects/Contact/{contact}", "contact", writes=True)
        if response.status not in (204, 404):
            self._expect(response)

    def close(self) -> None:
        """Close the connections."""
        self._session.close()

    def _query(self, soql: str, *, deleted: bool = False) -> Iterator[Mapping[str, Any]]:
        path = "queryAll" if deleted else "query"
        page = self._expect(self._call("GET", f"{path}/", "query", params={"q": soql}))
        while True:
            yield from page["records"]
            if page.get("done", True):
                return
            following = str(page["nextRecordsUrl"]).rpartition("/")[2]
            page = self._expect(self._call("GET", f"query/{following}", "query"))

    def _call(
        self,
        method: str,
        path: str,
        endpoint: str,
        body: Any = None,
        *,
        params: Any = None,
        writes: bool = False,
    ) -> CrmResponse:
        def request() -> CrmResponse:
            try:
                options = {} if body is None else {"json": body}
                found = self._open().restful(
                    path, params, method, timeout=TIMEOUT, allow_redirects=False, **options
                )
            except SalesforceError as error:
                status = int(error.status)
                # Salesforce answers 403 where others answer 429.
                limited = status == 403 and "REQUEST_LIMIT_EXCEEDED" in _codes(error.content)
                return CrmResponse(429 if limited else status, self._headers, error.content)
            except (requests.RequestException, ValueError):
                return CrmResponse(0)
            return CrmResponse(204 if found is None else 200, self._headers, found)

        return self._pacing.send(endpoint, request, writes=writes)

    def _open(self) -> Client:
        if self._client is None:
            token = self._config.salesforce_token
            self._client = Client(
                session_id=token.get_secret_value() if token else self._log_in(),
                instance_url=self._url,
                session=self._session,
                object_pairs_hook=dict,
            )
            # The client builds https addresses without a path only; a proxy may have another.
            version = urlsplit(self._client.base_url).path
            self._client.base_url = f"{self._url}{version}"
        return self._client

    def _log_in(self) -> str:
        """Return a token of the client credentials flow."""
        key, secret = self._config.salesforce_client_id, self._config.salesforce_client_secret
        assert key is not None
        assert secret is not None
        answer = self._session.post(
            f"{self._url}/services/oauth2/token",
            data={
                "grant_type": "client_credentials",
                "client_id": key.get_secret_value(),
                "client_secret": secret.get_secret_value(),
            },
            timeout=TIMEOUT,
        )
        if answer.status_code in (400, 401):
            raise CrmError(
                "Salesforce refuses BG_SALESFORCE_CLIENT_ID and its secret. Copy both from the "
                "connected app, and turn on its client credentials flow"
            )
        answer.raise_for_status()
        return str(answer.json()["access_token"])

    def _expect(self, response: CrmResponse) -> Any:
        if response.ok:
            return response.body
        codes = _codes(response.body)
        if response.status == 401:
            raise CrmError(
                "Salesforce refuses the token: it is wrong or its session has ended. Set a new "
                "BG_SALESFORCE_TOKEN, or BG_SALESFORCE_CLIENT_ID, which does not end"
            )
        if response.status == 403 or codes & {"INVALID_TYPE", "INSUFFICIENT_ACCESS"}:
            raise CrmError(
                "The user of Salesforce's token may not do this: "
                f"{_first_fault(response.body)}. Grant the permissions API Enabled, and edit of "
                "contacts and opportunities"
            )
        if "INVALID_FIELD" in codes:
            raise CrmError(
                f"Salesforce lacks a field: {_first_fault(response.body)}. Correct "
                "BG_SALESFORCE_ROLE_FIELD, or let the user see the field"
            )
        raise CrmError(
            f"Salesforce refuses the request: {_first_fault(response.body)}. Check "
            "BG_SALESFORCE_URL, then report it"
        )


def _values(field: Mapping[str, Any]) -> list[str]:
    return [
        str(each["value"]) for each in field.get("picklistValues") or () if each.get("active", True)
    ]


def _gone(contact: str, master: Any) -> str:
    if master:
        return (
            f"contact {contact} was merged into {master} in Salesforce. If that is the same "
            f"person: bg external-ids remove salesforce:contact {contact}; "
            f"bg external-ids set salesforce:contact {master} PERSON"
        )
    return (
        f"contact {contact} does not exist in Salesforce any more. Restore it there, or forget its "
        f"id: bg external-ids remove salesforce:contact {contact}"
    )


def _codes(body: Any) -> set[str]:
    faults = body if isinstance(body, list) else []
    return {
        str(each.get("errorCode") or each.get("statusCode"))
        for each in faults
        if isinstance(each, Mapping)
    }


def _first_fault(body: Any) -> str:
    faults = body if isinstance(body, list) else []
    for each in faults:
        if isinstance(each, Mapping):
            code = str(each.get("errorCode") or each.get("statusCode") or "")
            message = str(each.get("message") or "").strip().splitlines()
            return f"{message[0] if message else 'refused'} ({code})"
    return "no reason given"


def _quoted(values: Iterable[str]) -> str:
    """Write values as SOQL strings."""
    return ", ".join(
        "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'" for value in values
    )


def _batches(items: Sequence[str] | Sequence[CrmCell]) -> Iterator[Any]:
    return (items[start : start + _BATCH] for start in range(0, len(items), _BATCH))
