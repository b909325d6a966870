"""The figures of completed refreshes: of one, of a company's last ones, of the newest of all."""

import json
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection, Row, Select, select

from bg_orchestration.domain.anomalies import FIGURES
from bg_orchestration.store.schema.tables import COMPLETED
from bg_orchestration.store.schema.tables import buyer_group_refresh_logs as logs

# Enough for a median that is steady, and old enough that a new level becomes usual in time.
_OF_COMPANY: Final = 30
_OF_FLEET: Final = 200
_QUERY: Final[Select[Any]] = select(logs.c.started_at, logs.c.finished_at, logs.c.summary)

Figures = dict[str, float]


@dataclass(frozen=True, slots=True)
class History:
    """The figures of earlier refreshes, by name, newest first."""

    company: list[Figures]
    fleet: list[Figures]


def history(connection: Connection, company_id: str) -> History:
    """Read the earlier figures with which a new refresh is compared.

    Reads a bounded number of rows by index: the cost does not grow with history.
    """
    of_company = connection.execute(
        _QUERY.where(logs.c.company_id == company_id, COMPLETED, logs.c.started_at.is_not(None))
        .order_by(logs.c.started_at.desc())
        .limit(_OF_COMPANY)
    )
    of_fleet = connection.execute(
        _QUERY.where(COMPLETED, logs.c.finished_at.is_not(None))
        .order_by(logs.c.finished_at.desc())
        .limit(_OF_FLEET)
    )
    return History([_figures(row) for row in of_company], [_figures(row) for row in of_fleet])


def figures_of(connection: Connection, refresh_id: str) -> Figures:
    """The figures of one completed refresh."""
    row = connection.execute(_QUERY.where(logs.c.refresh_id == refresh_id)).one()
    return _figures(row)


def _figures(row: Row[Any]) -> Figures:
    """The known figures of a row: an older refresh may lack some of them."""
    summary = json.loads(row.summary or "{}")
    found = {
        figure.name: float(summary[figure.name])
        for figure in FIGURES
        if isinstance(summary.get(figure.name), (int, float))
    }
    if row.started_at is not None and row.finished_at is not None:
        found["seconds"] = max(0.0, (row.finished_at - row.started_at).total_seconds())
    return found
