"""Coresignal's subscriptions, and the free search for changes that were not pushed.

Documentation: https://docs.coresignal.com/api-introduction/webhooks, "Subscription Management" and
"Webhook Subscriptions: Multi-source Employee API". Nothing here costs credits.

| what | call |
|---|---|
| subscribe to who works at a company | `POST subscriptions/employee_multi_source/es_dsl` |
| subscribe to people | `POST subscriptions/employee_multi_source/ids` |
| renew, for 91 days, up to a year in all | `POST subscriptions/{id}/renew` |
| end | `DELETE subscriptions/{id}` |
| have an example sent, one a second | `POST subscriptions/simulate` |

An account has 500 subscriptions of at most 300,000 ids. A query with a date in it is refused. A
subscription that is not ready yet answers 409. `intake.id_pushes` describes the pushes.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, Literal

from bg_orchestration.domain.throttle import RateLimit
from bg_orchestration.ledger.calls import Answer, Call, Classification, Request, parse_json
from bg_orchestration.ledger.errors import SchemaDriftError
from bg_orchestration.providers.adapters.coresignal.coresignal import Coresignal
from bg_orchestration.providers.answers import read_id

MOST_IDS: Final = 300_000

_SUBSCRIBE = "subscriptions/employee_multi_source"
_SEARCH = "employee_multi_source/search/es_dsl"
# A query may have 1,024 clauses and 15,000 characters.
_MOST_KNOWN = 500


@dataclass(frozen=True, slots=True)
class CoresignalSubscriptions(Coresignal):
    """The adapter for subscriptions: some of its answers have no body."""

    def classify(self, status: int, headers: Mapping[str, str], body: bytes) -> Classification:
        """Accept a success without a body; a forbidden call stops no other call."""
        if 200 <= status < 300 and not body.strip():
            return Classification("ok")
        found = Coresignal.classify(self, status, headers, body)
        if found.kind == "forbidden":
            return Classification("invalid", f"{found.why}; does your plan include webhooks?")
        return found

    def rate_limit(self, endpoint: str) -> RateLimit:
        """Return one example a second, and the usual limits."""
        if endpoint.endswith("simulate"):
            return RateLimit(1.0, 1)
        return Coresignal.rate_limit(self, endpoint)


def subscribe_company(request: Request, source_id: str, webhook_url: str) -> str:
    """Subscribe to people who join a company, change there or leave.

    Returns Coresignal's id of the subscription.
    """
    query = {"query": _all_of(_works_at(source_id), *_ALIVE)}
    return _create(request, "es_dsl", {"webhook_url": webhook_url, "es_dsl_query": query})


def subscribe_people(request: Request, source_ids: Sequence[str], webhook_url: str) -> str:
    """Subscribe to changes of these people, at most `MOST_IDS`.

    Returns Coresignal's id of the subscription.
    """
    ids = [_number(source_id) for source_id in source_ids]
    return _create(request, "ids", {"webhook_url": webhook_url, "ids": ids})


def renew(request: Request, provider_id: str) -> bool:
    """Renew a subscription for 91 days; false if Coresignal does not know it."""
    return request(_call("renew", "POST", f"subscriptions/{provider_id}/renew")).found


def end(request: Request, provider_id: str) -> bool:
    """End a subscription; false if Coresignal does not know it."""
    return request(_call("delete", "DELETE", f"subscriptions/{provider_id}")).found


def simulate(request: Request, webhook_url: str) -> None:
    """Make Coresignal send an example to an address, within minutes; its ids are random."""
    path = "subscriptions/simulate"
    request(_call("simulate", "POST", path, {"webhook_url": webhook_url}))


def has_changes(request: Request, source_id: str, known: Collection[str], since: date) -> bool:
    """Whether a record of the company's present or stored people changed since that day.

    Only 500 stored people fit into the query; the others are found by their present job.
    """
    sample = sorted(known, key=lambda one: (len(one), one))[:_MOST_KNOWN]
    people = [_works_at(source_id)]
    if sample:
        # Leavers: a search for the company does not find them any more.
        people.append({"terms": {"id": [_number(one) for one in sample]}})
    days = [{"range": {name: {"gte": since.isoformat()}}} for name in _CHANGED]
    query = {"query": _all_of(_any_of(people), _any_of(days))}
    # One id is enough for an answer.
    call = Call(
        "people",
        "coresignal",
        _SEARCH,
        "POST",
        _SEARCH,
        params={"items_per_page": "1"},
        json=query,
    )
    return request(call).found


_ALIVE: Final = ({"term": {"is_deleted": 0}}, {"term": {"is_parent": 1}})
_CHANGED: Final = ("updated_at", "experience_change_last_identified_at")


def _create(request: Request, how: Literal["es_dsl", "ids"], body: Mapping[str, Any]) -> str:
    call = _call(how, "POST", f"{_SUBSCRIBE}/{how}", body)
    return _id_in(request(call), call)


def _call(
    what: str,
    method: Literal["POST", "DELETE"],
    path: str,
    body: Mapping[str, Any] | None = None,
) -> Call:
    return Call("people", "coresignal", f"subscriptions/{what}", method, path, json=body)


def _id_in(answer: Answer, call: Call) -> str:
    """The id of a new subscription: the body alone, or one of its fields."""
    try:
        content = parse_json(answer.body) if answer.found else None
    except ValueError:
        content = None
    if isinstance(content, dict):
        content = content.get("id") or content.get("subscription_id")
    found = read_id(content)
    if found is None:
        raise SchemaDriftError(
            call.provider, f"{call.endpoint}: id is missing. Look for it: bg subscriptions list"
        )
    return found


def _works_at(source_id: str) -> dict[str, Any]:
    return {"term": {"active_experience_company_id": _number(source_id)}}


def _all_of(*clauses: Mapping[str, Any]) -> dict[str, Any]:
    return {"bool": {"must": list(clauses)}}


def _any_of(clauses: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    return {"bool": {"should": list(clauses), "minimum_should_match": 1}}


def _number(source_id: str) -> int | str:
    return int(source_id) if source_id.isascii() and source_id.isdigit() else source_id
