"""The CRMs by name. The vendors' clients are imported only when one is opened."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Engine

from bg_orchestration.destinations.crm.protocol import Crm, CrmError
from bg_orchestration.settings import Settings


@contextmanager
def open_crm(name: str, engine: Engine, config: Settings) -> Iterator[Crm]:
    """Open a CRM; the block's end closes its connections.

    Raises:
        CrmError: its key or its package is missing.
    """
    crm: Crm
    try:
        if name == "hubspot":
            from bg_orchestration.destinations.crm.hubspot.hubspot import HubSpot

            crm = HubSpot(engine, config)
        else:
            from bg_orchestration.destinations.crm.salesforce.salesforce import Salesforce

            crm = Salesforce(engine, config)
    except ImportError as error:
        raise CrmError(
            f"{error.name} is not installed. Install it: pip install 'bg_orchestration[crm]'"
        ) from None
    try:
        yield crm
    finally:
        crm.close()
