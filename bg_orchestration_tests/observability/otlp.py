"""A real collector: an HTTP server that reads OTLP's protobuf and keeps the spans."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import Any

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import (
    ExportTraceServiceRequest,
    ExportTraceServiceResponse,
)
from opentelemetry.proto.trace.v1.trace_pb2 import Span, Status


@dataclass(frozen=True)
class Arrived:
    """A span as it came over the wire; ids in hexadecimal digits."""

    trace_id: str
    span_id: str
    parent_id: str
    name: str
    kind: str
    error: str
    attributes: dict[str, Any]
    links: list[str]
    service: str


@dataclass
class Collector:
    """What has arrived, and how it answers."""

    url: str = ""
    spans: list[Arrived] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)
    status: int = 200
    requests: int = 0
    some: Event = field(default_factory=Event)

    def named(self, name: str) -> list[Arrived]:
        return [one for one in self.spans if one.name == name]

    def take(self, body: bytes) -> None:
        self.requests += 1
        if self.status != 200:
            return
        self.bodies.append(body)
        request = ExportTraceServiceRequest.FromString(body)
        for resource in request.resource_spans:
            known = _values(resource.resource.attributes)
            for scope in resource.scope_spans:
                self.spans += [_arrived(one, known["service.name"]) for one in scope.spans]
        self.some.set()


def _arrived(span: Span, service: str) -> Arrived:
    return Arrived(
        span.trace_id.hex(),
        span.span_id.hex(),
        span.parent_span_id.hex(),
        span.name,
        Span.SpanKind.Name(span.kind).removeprefix("SPAN_KIND_").lower(),
        span.status.message if span.status.code == Status.STATUS_CODE_ERROR else "",
        _values(span.attributes),
        [link.trace_id.hex() for link in span.links],
        service,
    )


def _values(attributes: Any) -> dict[str, Any]:
    return {one.key: getattr(one.value, one.value.WhichOneof("value")) for one in attributes}


@contextmanager
def collecting() -> Iterator[Collector]:
    """A collector on a port of its own."""
    collector = Collector()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            assert self.path == "/v1/traces"
            assert self.headers["content-type"] == "application/x-protobuf"
            collector.take(body)
            answer = ExportTraceServiceResponse().SerializeToString()
            self.send_response(collector.status)
            self.send_header("content-type", "application/x-protobuf")
            self.send_header("content-length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    collector.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield collector
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)
