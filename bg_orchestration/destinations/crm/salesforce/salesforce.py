"""Salesforce: contact roles of open opportunities, and a field of contacts.

API: https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest: SOQL queries and
sObject collections of at most 200 records.
"""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any, Final
from urllib.parse import urlsplit

import requests
from simple_salesforce.api import Salesforce as Client
from simple_salesforce.exceptions import SalesforceError
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
from bg_orchestration.domain.crm_cells import CrmCell, CrmPerson, Vocabulary
from bg_orchestration.domain.throttle import RateLimit
from bg_orchestration.settings import Settings
from bg_orchestration.store.upserts import chunks

_ID: Final = re.compile(r"[A-Za-z0-9]{15}(?:[A-Za-z0-9]{3})?")
_ROLE: Final = "OpportunityContactRole"
_COLLECTION: Final = "composite/sobjects"


class Salesforce(Crm):
    """Salesforce with its token."""

    name = "salesforce"
    label = "Salesforce"
    # Salesforce counts requests a day and long ones at once; this is a modest pace.
    limit = RateLimit(per_second=10.0, at_once=100)

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
        if ".lightning.force.com" in config.salesforce_url:
            raise CrmError(
                f"BG_SALESFORCE_URL={config.salesforce_url} is the address of pages. Set it to "
                "that of the API, https://acme.my.salesforce.com (Setup, My Domain)"
            )
        super().__init__(engine, read_words(config.crm_roles, self.name))
        self._config = config
        self._url = config.salesforce_url
        # The client's exceptions hold no headers, and one of them is Retry-After.
        self._session.hooks["response"].append(self._keep_headers)
        self._headers: Mapping[str, str] = {}
        self._client: Client | None = None
        self._field = config.salesforce_role_field
        # The values of the roles, by our name of the field.
        self._values: dict[str, Vocabulary] = {}
        self._opportunities: dict[str, set[str]] = {}
        # The contact roles that were read, for changes and removals, and which of them are primary.
        self._role_ids: dict[CrmCell, str] = {}
        self._primary: set[str] = set()

    def _keep_headers(self, answer: requests.Response, **_options: Any) -> None:
        self._headers = {name.lower(): value for name, value in answer.headers.items()}

    def check(self) -> None:
        """Choose among the values in Salesforce's definition of the fields."""
        table, role = self._describe(_ROLE, "Role")
        if role is not None:
            if not all(table.get(right, True) for right in ("createable", "deletable")):
                raise CrmError(
                    "This user may not edit contact roles of opportunities in Salesforce. Grant "
                    "edit of opportunities in the user's permission set"
                )
            self._choose("opportunity", f"Salesforce's {_ROLE}.Role", role)
        elif self._field is None:
            raise CrmError(
                f"Salesforce has no {_ROLE} for this user. Give the user access to "
                "opportunities, or set BG_SALESFORCE_ROLE_FIELD to a field of contacts"
            )
        if self._field is not None:
            _, field = self._describe("Contact", self._field)
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
            self._choose("field", f"Salesforce's Contact.{self._field}", field)

    def _describe(
        self, table: str, name: str
    ) -> tuple[Mapping[str, Any], Mapping[str, Any] | None]:
        """Return the definition of a table and of its field; `None` if there is no such field."""
        response = self._call("GET", f"sobjects/{table}/describe")
        found = {} if response.status == 404 else self._expect(response)
        fields = (field for field in found.get("fields") or () if field.get("name") == name)
        return found, next(fields, None)

    def _choose(self, field: str, place: str, definition: Mapping[str, Any]) -> None:
        values = [
            str(each["value"])
            for each in definition.get("picklistValues") or ()
            if each.get("active", True)
        ]
        if definition.get("type") not in ("picklist", "multipicklist", "combobox"):
            values = [theirs[0] for theirs in self.words.write.values()]
        self._values[field] = choose_words(self.words, place, values)

    def contacts_with(self, emails: Collection[str]) -> dict[str, list[str]]:
        """Find contacts by address."""
        query = "SELECT Id, Email FROM Contact WHERE Email IN ({})"
        return {record["Id"]: [record["Email"]] for record in self._query(query, set(emails))}

    def prepare(self, companies: Collection[str]) -> None:
        """Read the open opportunities of these accounts, which have ids but no domain."""
        self._opportunities = defaultdict(set)
        if "opportunity" in self._values:
            for record in self._query(
                "SELECT Id, AccountId FROM Opportunity "
                "WHERE IsClosed = false AND AccountId IN ({})",
                filter(_ID.fullmatch, companies),
            ):
                self._opportunities[record["AccountId"]].add(record["Id"])

    def wanted(self, person: CrmPerson, written: Iterable[CrmCell]) -> dict[CrmCell, str]:
        """A role in each open opportunity of the person's accounts, and the field."""
        # Roles in closed opportunities are history and stay.
        in_work = {each for ids in self._opportunities.values() for each in ids} | {self._field}
        values = {cell: "" for cell in written if cell.target in in_work}
        for account, roles in person.roles.items():
            for opportunity in self._opportunities.get(account, ()):
                cell = CrmCell("opportunity", person.contact, opportunity)
                values[cell] = self._values["opportunity"].strongest(roles)
        if self._field is not None:
            strongest = self._values["field"].strongest(person.all_roles)
            values[CrmCell("field", person.contact, self._field)] = strongest
        return values

    def read(self, cells: Collection[CrmCell]) -> Reading:
        """Read contacts, deleted ones too, and their roles in opportunities."""
        reading = Reading()
        names = {"Id", "IsDeleted", "MasterRecordId"}
        names |= {cell.target for cell in cells if cell.field == "field"}
        query = f"SELECT {', '.join(sorted(names))} FROM Contact WHERE Id IN ({{}})"  # noqa: S608
        ids = {cell.record for cell in cells}
        contacts = {
            record["Id"]: record
            for record in self._query(query, filter(_ID.fullmatch, ids), deleted=True)
        }
        for contact in sorted(ids):
            found = contacts.get(contact)
            if found is None or found["IsDeleted"]:
                successor = found["MasterRecordId"] if found else None
                reading.problems[contact] = self._gone(contact, successor)
        roles = self._read_roles({cell.target for cell in cells if cell.field == "opportunity"})
        for cell in cells:
            if cell.record in reading.problems:
                continue
            if cell.field == "field":
                reading.values[cell] = str(contacts[cell.record][cell.target] or "")
            elif len(of_cell := roles.get(cell, ())) > 1:
                reading.problems[cell.record] = (
                    f"contact {cell.record} has several roles in opportunity {cell.target}. "
                    "Delete all but one in Salesforce"
                )
            else:
                self._role_ids[cell], reading.values[cell] = next(iter(of_cell), ("", ""))
        return reading

    def _read_roles(self, opportunities: Iterable[str]) -> dict[CrmCell, list[tuple[str, str]]]:
        """Return id and value of the roles, by cell."""
        roles: dict[CrmCell, list[tuple[str, str]]] = defaultdict(list)
        for record in self._query(
            f"SELECT Id, ContactId, OpportunityId, Role, IsPrimary FROM {_ROLE} "  # noqa: S608
            "WHERE OpportunityId IN ({})",
            opportunities,
        ):
            cell = CrmCell("opportunity", record["ContactId"], record["OpportunityId"])
            # A person who added the contact without a role has set a value as well.
            roles[cell].append((record["Id"], record["Role"] or "no role"))
            self._primary |= {record["Id"]} if record["IsPrimary"] else set()
        return roles

    def write(self, values: Mapping[CrmCell, str]) -> dict[CrmCell, str]:
        """Write fields or roles; `read` has found the roles' ids."""
        added, changed, removed = [], [], []
        faults: dict[CrmCell, str] = {}
        for cell, value in values.items():
            if cell.field == "field":
                changed.append(
                    (cell, _record("Contact", Id=cell.record, **{cell.target: value or None}))
                )
            elif not value and self._role_ids[cell] in self._primary:
                faults[cell] = "a person made it the primary role. Delete it in Salesforce"
            elif not value:
                removed.append((cell, self._role_ids[cell]))
            elif key := self._role_ids[cell]:
                changed.append((cell, _record(_ROLE, Id=key, Role=value)))
            else:
                ids = {"ContactId": cell.record, "OpportunityId": cell.target}
                added.append((cell, _record(_ROLE, **ids, Role=value)))
        for method, batch in (("PATCH", changed), ("POST", added)):
            if batch:
                body = {"allOrNone": False, "records": [record for _, record in batch]}
                faults |= self._write_collection(method, _COLLECTION, batch, body)
        if removed:
            keys = ",".join(key for _, key in removed)
            path = f"{_COLLECTION}?ids={keys}&allOrNone=false"
            faults |= self._write_collection("DELETE", path, removed)
        return faults

    def _write_collection(
        self, method: str, path: str, batch: Sequence[tuple[CrmCell, Any]], body: Any = None
    ) -> dict[CrmCell, str]:
        results = self._expect(self._call(method, path, body, writes=True))
        if not isinstance(results, list) or len(results) != len(batch):
            raise UnclearWriteError(path)
        return {
            cell: _first_fault(result["errors"])
            for (cell, _), result in zip(batch, results, strict=True)
            if not result["success"]
        }

    def create(self, contact: NewContact) -> str:
        """Create a contact; Salesforce's own rules may find a duplicate."""
        first, _, last = contact.name.rpartition(" ")
        body = {"FirstName": first, "LastName": last, "Email": contact.email}
        body |= {"Title": contact.title} if contact.title else {}
        # Without an account only its owner sees the contact.
        body |= {"AccountId": contact.company_id} if contact.company_id else {}
        response = self._call("POST", "sobjects/Contact", body, writes=True)
        if response.status == 400:
            raise ValueError(_first_fault(response.body))
        return str(self._expect(response)["id"])

    def is_changed(self, contact: str) -> bool:
        """See whether another user changed the contact than the one who created it."""
        query = "SELECT Id, CreatedById, LastModifiedById FROM Contact WHERE Id IN ({})"
        records = self._query(query, [contact])
        return any(record["CreatedById"] != record["LastModifiedById"] for record in records)

    def archive(self, contact: str) -> None:
        """Move a contact to Salesforce's recycle bin."""
        response = self._call("DELETE", f"sobjects/Contact/{contact}", writes=True)
        if response.status != 404:
            self._expect(response)

    def _query(
        self, soql: str, values: Iterable[str], *, deleted: bool = False
    ) -> Iterator[Mapping[str, Any]]:
        """Yield the records of a query with a list of values, of all its pages."""
        for chunk in chunks(sorted(values), BATCH):
            path = "queryAll/" if deleted else "query/"
            response = self._call("GET", path, params={"q": soql.format(_quoted(chunk))})
            while True:
                page = self._expect(response)
                yield from page["records"]
                if not (following := page.get("nextRecordsUrl")):
                    break
                response = self._call("GET", f"query/{following.rpartition('/')[2]}")

    def _call(
        self, method: str, path: str, body: Any = None, *, params: Any = None, writes: bool = False
    ) -> CrmResponse:
        options = {} if body is None else {"json": body}

        def request() -> CrmResponse:
            try:
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

        return self._send(request, writes=writes)

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


def _record(table: str, **fields: Any) -> dict[str, Any]:
    return {"attributes": {"type": table}, **fields}


def _faults(body: Any) -> Iterator[tuple[str, str]]:
    """Yield code and first line of each fault in an answer."""
    for each in body if isinstance(body, list) else ():
        if isinstance(each, Mapping):
            message = str(each.get("message") or "refused").strip().splitlines()
            yield str(each.get("errorCode") or each.get("statusCode") or ""), message[0]


def _codes(body: Any) -> set[str]:
    return {code for code, _ in _faults(body)}


def _first_fault(body: Any) -> str:
    return next((f"{message} ({code})" for code, message in _faults(body)), "no reason given")


def _quoted(values: Iterable[str]) -> str:
    """Write values as SOQL strings."""
    return ", ".join(
        "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'" for value in values
    )
