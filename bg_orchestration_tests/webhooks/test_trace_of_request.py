"""A receiver process with a real collector: the span of a request, and what is stored of it."""

import json
import signal
from collections.abc import Callable

import httpx
from sqlalchemy import Engine, select

from bg_orchestration.store.schema.tables import webhook_events
from bg_orchestration_tests.observability.otlp import collecting
from bg_orchestration_tests.webhooks.conftest import STRANGER, ReceiverProcess, body, signed

SENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


def test_a_request_is_a_span_of_its_senders_trace_and_the_events_context(
    light_engine: Engine, start_receiver: Callable[..., ReceiverProcess]
) -> None:
    with collecting() as collector:
        receiver = start_receiver(
            OTEL_EXPORTER_OTLP_ENDPOINT=collector.url,
            OTEL_SERVICE_NAME="the-receiver",
            BG_DATABASE_URL=str(light_engine.url),
        )
        url = receiver.started()["url"]
        content = body()
        headers = {**signed(content), "traceparent": SENT}
        with httpx.Client(timeout=20, trust_env=False) as client:
            assert client.post(url, content=content, headers=headers).status_code == 202
            assert client.post(url, content=content, headers=signed(content, STRANGER)).is_error
        # What has not been sent yet is sent at the end.
        receiver.process.send_signal(signal.SIGTERM)
        assert receiver.process.wait(20) == 0
    with light_engine.connect() as connection:
        stored = connection.execute(select(webhook_events.c.traceparent)).scalar_one()
    requests = collector.named("POST /api/webhooks/person-change")
    statuses = {one.attributes["http.response.status_code"]: one for one in requests}
    assert statuses.keys() == {202, 401}
    accepted, refused = statuses[202], statuses[401]
    assert stored == f"00-{accepted.trace_id}-{accepted.span_id}-01"
    assert (accepted.trace_id, accepted.parent_id) == (SENT[3:35], SENT[36:52])
    assert (accepted.kind, accepted.service, accepted.error) == ("server", "the-receiver", "")
    assert refused.trace_id != accepted.trace_id
    [commit] = collector.named("INSERT webhook_events")
    assert commit.parent_id == accepted.span_id
    # Nothing but requests is a trace here: no transaction of the group commit, no readiness.
    assert len(collector.spans) == 3
    lines = [json.loads(line) for line in receiver.log().splitlines()]
    [told] = [line for line in lines if line["event"] == "event_accepted"]
    assert told["trace_id"] == accepted.trace_id
    assert "Mara" not in "".join(map(str, collector.bodies)) + receiver.log()
