"""HubSpot's CRM API as documented: batches, partial success, merged contacts, associations."""

from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bg_orchestration_tests.stubs.faults import Fault
from bg_orchestration_tests.stubs.hubspot_records import HubSpotRecords
from bg_orchestration_tests.stubs.site import KEY, Site, Stub, json_body

ROLE = "hs_buying_role"
_BATCH = 100
_PAGE = 2


class _HubSpot:
    def __init__(self, site: Site) -> None:
        self._site = site

    @property
    def _records(self) -> HubSpotRecords:
        return self._site.hubspot

    async def definition(self, request: Request) -> Response:
        self._records.calls["read property"] += 1
        if request.path_params["name"] != ROLE or not self._records.options:
            return _error(404, "OBJECT_NOT_FOUND", "The property does not exist")
        options = [
            {"label": value.title(), "value": value, "hidden": False}
            for value in self._records.options
        ]
        return JSONResponse(
            {
                "name": ROLE,
                "type": "enumeration",
                "fieldType": self._records.field_type,
                "options": options,
            }
        )

    async def read(self, request: Request) -> Response:
        self._records.calls["read contacts"] += 1
        body = await json_body(request)
        if len(body["inputs"]) > _BATCH:
            return _error(400, "VALIDATION_ERROR", "The maximum number of inputs is 100")
        results, missing = {}, []
        for each in body["inputs"]:
            contact = self._find(each["id"], body.get("idProperty"))
            if contact is None:
                missing.append(each["id"])
                continue
            properties: dict[str, str | None] = {
                name: self._records.contacts[contact].get(name) for name in body["properties"]
            }
            old = [gone for gone, left in self._records.merged.items() if left == contact]
            if "hs_merged_object_ids" in body["properties"] and old:
                properties["hs_merged_object_ids"] = ";".join(old)
            results[contact] = {"id": contact, "properties": properties, "archived": False}
            if names := body.get("propertiesWithHistory"):
                results[contact]["propertiesWithHistory"] = self._history(contact, names)
        return _batch(list(results.values()), _not_found(missing))

    def _history(self, contact: str, names: list[str]) -> dict[str, Any]:
        own = self._records.own.get(contact, {})
        return {
            name: [
                {
                    "value": value,
                    "sourceType": "INTEGRATION" if own.get(name) == value else "CRM_UI",
                }
            ]
            for name, value in self._records.contacts[contact].items()
            if name in names
        }

    def _find(self, key: str, by: str | None) -> str | None:
        contacts = self._records.contacts
        if by == "email":
            return next((c for c, each in contacts.items() if each.get("email") == key), None)
        key = self._records.merged.get(key, key)
        return key if key in contacts else None

    async def update(self, request: Request) -> Response:
        self._records.calls["write roles"] += 1
        inputs = (await json_body(request))["inputs"]
        if len(inputs) > _BATCH:
            return _error(400, "VALIDATION_ERROR", "The maximum number of inputs is 100")
        for each in inputs:
            values = [value for value in each["properties"].get(ROLE, "").split(";") if value]
            wrong = [value for value in values if value not in self._records.options]
            if wrong or each["id"] in self._records.spoiling:
                return _error(400, "VALIDATION_ERROR", f"Property values were not valid: {wrong}")
        results, errors, missing = [], [], []
        for each in inputs:
            contact = each["id"]
            if contact not in self._records.contacts:
                missing.append(contact)
            elif contact in self._records.refused:
                errors.append(_fault("VALIDATION_ERROR", "The record is locked", ids=[contact]))
            else:
                self._records.contacts[contact].update(each["properties"])
                self._records.own.setdefault(contact, {}).update(each["properties"])
                self._records.written.append((contact, each["properties"].get(ROLE, "")))
                results.append({"id": contact, "properties": each["properties"]})
        return _batch(results, [*errors, *_not_found(missing)])

    async def create(self, request: Request) -> Response:
        self._records.calls["write contact"] += 1
        properties = (await json_body(request))["properties"]
        there = self._find(properties.get("email", ""), "email")
        if there is not None:
            return _error(409, "CONFLICT", f"Contact already exists. Existing ID: {there}")
        contact = str(max([1000, *map(int, self._records.contacts)]) + 1)
        self._records.contacts[contact] = dict(properties)
        self._records.own[contact] = dict(properties)
        self._records.written.append((contact, "created"))
        return JSONResponse({"id": contact, "properties": properties}, 201)

    async def archive(self, request: Request) -> Response:
        self._records.calls["write archive"] += 1
        self._records.contacts.pop(request.path_params["contact"], None)
        return Response(status_code=204)

    async def search(self, request: Request) -> Response:
        self._records.calls["read companies"] += 1
        body = await json_body(request)
        wanted = body["filterGroups"][0]["filters"][0]["values"]
        found = [
            {"id": company, "properties": {"domain": domain}}
            for company, domain in sorted(self._records.companies.items())
            if domain in wanted
        ]
        start = int(body.get("after", 0))
        page = {"total": len(found), "results": found[start : start + _PAGE]}
        if start + _PAGE < len(found):
            page["paging"] = {"next": {"after": str(start + _PAGE)}}
        return JSONResponse(page)

    async def links(self, request: Request) -> Response:
        self._records.calls["read links"] += 1
        results: list[Any] = []
        errors: list[Any] = []
        for each in (await json_body(request))["inputs"]:
            to = sorted(
                company for contact, company in self._records.links if contact == each["id"]
            )
            start = int(each.get("after", 0))
            if to:
                types = [{"category": "HUBSPOT_DEFINED", "typeId": 279, "label": None}]
                page = to[start : start + _PAGE]
                result: dict[str, Any] = {
                    "from": {"id": each["id"]},
                    "to": [{"toObjectId": int(c), "associationTypes": types} for c in page],
                }
                if start + _PAGE < len(to):
                    result["paging"] = {"next": {"after": str(start + _PAGE)}}
                results.append(result)
            else:
                errors.append(
                    _fault(
                        "OBJECT_NOT_FOUND", "No company is associated", fromObjectId=[each["id"]]
                    )
                )
        return _batch(results, errors)

    async def link(self, request: Request) -> Response:
        self._records.calls["write links"] += 1
        results, errors = [], []
        inputs = (await json_body(request))["inputs"]
        if len(inputs) > _BATCH:
            return _error(400, "VALIDATION_ERROR", "The maximum number of inputs is 100")
        for each in inputs:
            contact, company = each["from"]["id"], each["to"]["id"]
            if contact in self._records.contacts and company in self._records.companies:
                self._records.links.add((contact, company))
                self._records.written.append((f"{contact}-{company}", "linked"))
                results.append(each)
            else:
                ids = {"fromObjectId": [contact], "toObjectId": [company]}
                errors.append(_fault("OBJECT_NOT_FOUND", "One of them does not exist", **ids))
        return _batch(results, errors)

    async def unlink(self, request: Request) -> Response:
        self._records.calls["write links"] += 1
        for each in (await json_body(request))["inputs"]:
            for to in each["to"]:
                self._records.links.discard((each["from"]["id"], to["id"]))
                self._records.written.append((f"{each['from']['id']}-{to['id']}", ""))
        return Response(status_code=204)


def _fault(category: str, message: str, **context: list[str]) -> dict[str, Any]:
    return {"status": "error", "category": category, "message": message, "context": context}


def _not_found(ids: list[str]) -> list[dict[str, Any]]:
    return [_fault("OBJECT_NOT_FOUND", "Could not get some objects", ids=ids)] if ids else []


def _batch(results: list[Any], errors: list[Any]) -> Response:
    body = {"status": "COMPLETE", "results": results}
    if not errors:
        return JSONResponse(body)
    return JSONResponse({**body, "numErrors": len(errors), "errors": errors}, 207)


def _error(status: int, category: str, message: str, errors: Any = None) -> Response:
    body = {"status": "error", "category": category, "message": message}
    return JSONResponse(body if errors is None else {**body, "errors": errors}, status)


def _limited(fault: Fault) -> Response:
    body = {
        "status": "error",
        "message": "You have reached your secondly limit.",
        "errorType": "RATE_LIMIT",
        "policyName": "SECONDLY",
    }
    headers = {"retry-after": f"{fault.seconds:.0f}"} if fault.kind == "retry_after" else None
    return JSONResponse(body, 429, headers)


def _forbidden(fault: Fault) -> Response:
    scopes = {"requiredGranularScopes": [fault.detail or "crm.objects.contacts.write"]}
    needed = [{"message": "One or more of these scopes are required.", "context": scopes}]
    return _error(403, "MISSING_SCOPES", "This app hasn't been granted all scopes", needed)


def hubspot(site: Site) -> Stub:
    """The stub."""
    api = _HubSpot(site)
    contacts, links = "/crm/v3/objects/contacts", "/crm/v4/associations/contacts/companies/batch"
    return Stub(
        name="hubspot",
        routes=[
            Route("/crm/v3/properties/contacts/{name}", api.definition),
            Route(f"{contacts}/batch/read", api.read, methods=["POST"]),
            Route(f"{contacts}/batch/update", api.update, methods=["POST"]),
            Route(contacts, api.create, methods=["POST"]),
            Route(f"{contacts}/{{contact}}", api.archive, methods=["DELETE"]),
            Route("/crm/v3/objects/companies/search", api.search, methods=["POST"]),
            Route(f"{links}/read", api.links, methods=["POST"]),
            Route(f"{links}/associate/default", api.link, methods=["POST"]),
            Route(f"{links}/archive", api.unlink, methods=["POST"]),
        ],
        authorized=lambda request: request.headers.get("authorization") == f"Bearer {KEY}",
        errors={
            "bad_key": lambda _: _error(
                401, "EXPIRED_AUTHENTICATION", "The OAuth token used to make this call expired"
            ),
            "forbidden": _forbidden,
            "rate_limited": _limited,
            "retry_after": _limited,
            "server_error": lambda f: _error(int(f.detail or 502), "INTERNAL", "try later"),
            "invalid": lambda _: _error(400, "VALIDATION_ERROR", "Invalid input JSON"),
        },
        per_second=10,
        not_found=lambda: _error(404, "NOT_FOUND", "Not Found"),
    )
