"""Spans of requests to data providers: endpoint and outcome.

They hold the name of an endpoint and never a URL, which may hold a key or a person's address.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from bg_orchestration.observability.traces import Attribute, span

if TYPE_CHECKING:
    from opentelemetry.trace import Span


@contextmanager
def provider_call(
    provider: str, method: str, host: str, template: str, **attributes: Attribute
) -> Iterator["Span | None"]:
    """Open the span of a request to a data provider; `tell_answer` adds the outcome.

    Args:
        provider: its name in `BG_PROVIDER`.
        method: of HTTP.
        host: of the address.
        template: the path with its parameters as `{name}`, or the endpoint's name: a path may hold
            a person's address.
        attributes: further facts, such as `http_request_resend_count`; ids and counts only.
    """
    facts: dict[str, Attribute] = {
        "http.request.method": method,
        "server.address": host,
        "url.template": template,
        "bg.provider": provider,
        **attributes,
    }
    with span(f"{method} {template}", "client", facts) as call_span:
        yield call_span


def tell_answer(
    call_span: "Span | None", outcome: str, status: int | None, usd: float | None, *, answered: bool
) -> None:
    """Put the outcome of a call onto its span.

    Args:
        call_span: the span of `provider_call`.
        outcome: one of `ledger.calls.OutcomeKind`; the error's type without an answer.
        status: of HTTP, if an answer came.
        usd: the cost in USD, `None` if it is unknown.
        answered: whether the request brought an answer; a miss is an answer.
    """
    if call_span is None:
        return
    from opentelemetry.trace import Status, StatusCode

    call_span.set_attribute("bg.outcome", outcome)
    if status is not None:
        call_span.set_attribute("http.response.status_code", status)
    if usd is not None:
        call_span.set_attribute("bg.cost_usd", usd)
    if not answered:
        call_span.set_attribute("error.type", outcome)
        call_span.set_status(Status(StatusCode.ERROR, outcome))
