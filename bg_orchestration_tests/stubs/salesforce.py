"""Salesforce's REST API as documented: describe, SOQL with paging, collections, login."""

import re
from typing import Any
from urllib.parse import parse_qs

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bg_orchestration_tests.stubs.faults import Fault
from bg_orchestration_tests.stubs.salesforce_records import SalesforceRecords, key
from bg_orchestration_tests.stubs.site import KEY, Site, Stub, json_body

_PAGE = 2
_BATCH = 200
_DATA = "/services/data/v59.0"
_SOQL = re.compile(r"SELECT (.+) FROM (\w+) WHERE (.+)")
_IN = re.compile(r"(\w+) IN \((.*)\)")


class _Salesforce:
    def __init__(self, site: Site) -> None:
        self._site = site
        self._pages: dict[str, list[dict[str, Any]]] = {}

    @property
    def _records(self) -> SalesforceRecords:
        return self._site.salesforce

    async def token(self, request: Request) -> Response:
        form = {name: each[0] for name, each in parse_qs((await request.body()).decode()).items()}
        if form.get("client_secret") != KEY or form["grant_type"] != "client_credentials":
            return JSONResponse({"error": "invalid_client"}, 401)
        return JSONResponse({"access_token": KEY, "token_type": "Bearer"})

    async def describe(self, request: Request) -> Response:
        self._records.calls["read describe"] += 1
        name = request.path_params["name"]
        values = [{"value": value, "active": True} for value in self._records.values]
        if name == "OpportunityContactRole":
            fields = [{"name": "Role", "type": "picklist", "picklistValues": values}]
        else:
            fields = [
                {"name": field, "type": "picklist", "updateable": True, "picklistValues": values}
                for field in self._records.fields
            ]
        rights = dict.fromkeys(("createable", "updateable", "deletable"), self._records.may_edit)
        return JSONResponse({"name": name, "fields": fields, **rights})

    async def query(self, request: Request) -> Response:
        """Answer the first page of a query."""
        self._records.calls["read query"] += 1
        match = _SOQL.fullmatch(request.query_params["q"])
        if match is None:
            return _error(400, "MALFORMED_QUERY", "unexpected token")
        names, table, condition = match.groups()
        fields = names.split(", ")
        unknown = [name for name in fields if name.endswith("__c")]
        if unknown and unknown[0] not in self._records.fields:
            return _error(400, "INVALID_FIELD", f"No such column '{unknown[0]}' on entity {table}")
        found = _IN.search(condition)
        assert found is not None
        column = found[1]
        wanted = {value.strip()[1:-1].replace("\\'", "'") for value in found[2].split(", ")}
        deleted = "queryAll" in request.url.path
        rows = [
            {"attributes": {"type": table}, **{name: row.get(name) for name in fields}}
            for row in self._rows(table)
            if row.get(column) in wanted
            and (deleted or not row.get("IsDeleted"))
            and not ("IsClosed = false" in condition and row["IsClosed"])
        ]
        return self._page(rows)

    async def more(self, request: Request) -> Response:
        """Answer a further page."""
        return self._page(self._pages.pop(request.path_params["locator"]))

    def _page(self, rows: list[dict[str, Any]]) -> Response:
        page: dict[str, Any] = {"totalSize": len(rows), "done": True, "records": rows[:_PAGE]}
        if rows[_PAGE:]:
            locator = f"01g{len(self._pages)}-{_PAGE}"
            self._pages[locator] = rows[_PAGE:]
            page |= {"done": False, "nextRecordsUrl": f"{_DATA}/query/{locator}"}
        return JSONResponse(page)

    def _rows(self, table: str) -> list[dict[str, Any]]:
        records = self._records
        if table == "Contact":
            base = {"IsDeleted": False, "MasterRecordId": None}
            return [
                {
                    "Id": contact,
                    **base,
                    "CreatedById": "005API",
                    "LastModifiedById": "005API" if records.own.get(contact) == each else "005KIM",
                    **each,
                }
                for contact, each in records.contacts.items()
            ]
        if table == "Opportunity":
            return [
                {"Id": one, "AccountId": account, "IsClosed": closed}
                for one, (account, closed) in records.opportunities.items()
            ]
        return [
            {
                "Id": one,
                "ContactId": contact,
                "OpportunityId": opportunity,
                "Role": role,
                "IsPrimary": one in records.primary,
            }
            for one, (contact, opportunity, role) in records.roles.items()
        ]

    async def collections(self, request: Request) -> Response:
        """Create, change or delete records; each has its own result."""
        self._records.calls["write collections"] += 1
        if request.method == "DELETE":
            ids = request.query_params["ids"].split(",")
            if len(ids) > _BATCH:
                return _error(400, "LIMIT_EXCEEDED", "record limit reached")
            return JSONResponse([self._delete(one) for one in ids])
        records = (await json_body(request))["records"]
        if len(records) > _BATCH:
            return _error(400, "LIMIT_EXCEEDED", "record limit reached")
        return JSONResponse([self._save(record) for record in records])

    def _delete(self, one: str) -> dict[str, Any]:
        role = self._records.roles.pop(one, None)
        if role is None:
            return _refusal("ENTITY_IS_DELETED", "entity is deleted")
        self._records.written.append((role[0], role[1], ""))
        return {"id": one, "success": True, "errors": []}

    def _save(self, record: dict[str, Any]) -> dict[str, Any]:
        records = self._records
        if record["attributes"]["type"] == "Contact":
            contact = record["Id"]
            if contact in records.refused:
                return _refusal("FIELD_CUSTOM_VALIDATION_EXCEPTION", "The contact is locked")
            changes = {name: record[name] for name in records.fields if name in record}
            records.contacts[contact].update(changes)
            records.own.get(contact, {}).update(changes)
            records.written += [(contact, name, value or "") for name, value in changes.items()]
            return {"id": contact, "success": True, "errors": []}
        one = record.get("Id")
        if one is None:
            if record["ContactId"] in records.refused:
                return _refusal("FIELD_CUSTOM_VALIDATION_EXCEPTION", "The contact is locked")
            records.made += 1
            one = key("00K", records.made)
            records.roles[one] = (record["ContactId"], record["OpportunityId"], record["Role"])
        else:
            contact, opportunity, _ = records.roles[one]
            records.roles[one] = (contact, opportunity, record["Role"])
        records.written.append(records.roles[one])
        return {"id": one, "success": True, "errors": []}

    async def create(self, request: Request) -> Response:
        self._records.calls["write contact"] += 1
        body = await json_body(request)
        if any(each["Email"] == body["Email"] for each in self._records.contacts.values()):
            return _error(400, "DUPLICATES_DETECTED", "Use one of these records?")
        self._records.made += 1
        contact = key("003", 900 + self._records.made)
        self._records.contacts[contact] = body
        self._records.own[contact] = dict(body)
        self._records.written.append((contact, "", "created"))
        return JSONResponse({"id": contact, "success": True, "errors": []}, 201)

    async def archive(self, request: Request) -> Response:
        self._records.calls["write archive"] += 1
        self._records.contacts.pop(request.path_params["contact"], None)
        return Response(status_code=204)


def _refusal(code: str, message: str) -> dict[str, Any]:
    return {"success": False, "errors": [{"statusCode": code, "message": message, "fields": []}]}


def _error(status: int, code: str, message: str) -> Response:
    return JSONResponse([{"message": message, "errorCode": code}], status)


def _limited(fault: Fault) -> Response:
    return _error(403, "REQUEST_LIMIT_EXCEEDED", "TotalRequests Limit exceeded.")


def salesforce(site: Site) -> Stub:
    """The stub."""
    api = _Salesforce(site)
    return Stub(
        name="salesforce",
        routes=[
            Route("/services/oauth2/token", api.token, methods=["POST"]),
            Route(f"{_DATA}/sobjects/{{name}}/describe", api.describe),
            Route(f"{_DATA}/query/", api.query),
            Route(f"{_DATA}/queryAll/", api.query),
            Route(f"{_DATA}/query/{{locator}}", api.more),
            Route(
                f"{_DATA}/composite/sobjects",
                api.collections,
                methods=["POST", "PATCH", "DELETE"],
            ),
            Route(f"{_DATA}/sobjects/Contact", api.create, methods=["POST"]),
            Route(f"{_DATA}/sobjects/Contact/{{contact}}", api.archive, methods=["DELETE"]),
        ],
        authorized=lambda request: (
            request.url.path.endswith("/token")
            or request.headers.get("authorization") == f"Bearer {KEY}"
        ),
        errors={
            "bad_key": lambda _: _error(401, "INVALID_SESSION_ID", "Session expired or invalid"),
            "forbidden": lambda _: _error(
                403, "INSUFFICIENT_ACCESS_OR_READONLY", "insufficient access rights on object id"
            ),
            "rate_limited": _limited,
            "retry_after": _limited,
            "server_error": lambda f: _error(int(f.detail or 503), "SERVER_UNAVAILABLE", "later"),
            "invalid": lambda _: _error(400, "JSON_PARSER_ERROR", "Unexpected character"),
        },
        per_second=50,
        not_found=lambda: _error(404, "NOT_FOUND", "The requested resource does not exist"),
    )
