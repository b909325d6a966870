"""Log lines: JSON, or colours for a terminal; never a body or a name.

A line carries ids and reasons. The ids are bound in its context: trace, run, refresh, company,
step.
"""

import logging
import sys
from collections.abc import Mapping
from typing import TextIO

import structlog
from structlog.typing import Processor

from bg_orchestration.observability.redaction import exceptions_by_type, redact

_OURS = "bg_orchestration"


def configure_logs(level: str, rooms: Mapping[str, str] | None = None) -> None:
    """Send log lines of `level` and above to stderr, those of libraries included.

    Lines are coloured and short on a terminal; elsewhere each is a JSON object.

    Args:
        level: the least severe level to write.
        rooms: the same for single folders of this package.
    """
    logging.basicConfig(handlers=[_handler(sys.stderr)], level=level.upper(), force=True)
    _set_levels(level, rooms)
    _configure_structlog(cache=True)


def configure_hosted_logs(level: str, rooms: Mapping[str, str] | None = None) -> None:
    """Configure our own lines in a process of Dagster; Dagster's lines stay unchanged.

    Does nothing after `configure_logs`, or when called again.
    """
    ours = logging.getLogger(_OURS)
    # `structlog.is_configured` would not do: Dagster configures it too, and our lines are lost.
    if any(
        isinstance(handler, _LogHandler)
        for handler in [*ours.handlers, *logging.getLogger().handlers]
    ):
        return
    ours.addHandler(_handler(_CurrentStderr()))
    ours.propagate = False
    _set_levels(level, rooms)
    _configure_structlog(cache=False)


class _LogHandler(logging.StreamHandler):  # type: ignore[type-arg]
    """The handler writes our lines."""


class _CurrentStderr:
    """The present stderr: a host may exchange it."""

    def write(self, text: str) -> int:
        return sys.stderr.write(text)

    def flush(self) -> None:
        sys.stderr.flush()


def _handler(stream: "TextIO | _CurrentStderr") -> logging.Handler:
    handler = _LogHandler(stream)
    handler.setFormatter(lines(terminal=sys.stderr.isatty()))
    return handler


def lines(*, terminal: bool) -> structlog.stdlib.ProcessorFormatter:
    """Return the formatter of lines: coloured for a terminal, else one JSON object."""
    # The coloured traceback of structlog's choice shows local variables, bodies among them: ours
    # is text by the time it gets there.
    last: Processor = (
        structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)
        if terminal
        else structlog.processors.JSONRenderer(ensure_ascii=False)
    )
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=_processors(terminal),
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            exceptions_by_type,
            redact,
            last,
        ],
    )


def _processors(terminal: bool) -> list[Processor]:
    return [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.ExtraAdder(),
        structlog.processors.TimeStamper(fmt="%H:%M:%S" if terminal else "iso", utc=not terminal),
    ]


def _set_levels(level: str, rooms: Mapping[str, str] | None) -> None:
    # Our loggers have their own levels: a host such as Celery sets the root's level.
    logging.getLogger(_OURS).setLevel(level.upper())
    for room, room_level in (rooms or {}).items():
        logging.getLogger(f"{_OURS}.{room}").setLevel(room_level.upper())


def _configure_structlog(*, cache: bool) -> None:
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *_processors(sys.stderr.isatty()),
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=cache,
    )
