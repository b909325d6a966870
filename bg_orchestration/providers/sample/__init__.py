"""Samples: fictional companies and people, and a real company's changes."""

from importlib.resources import files
from pathlib import Path

from sqlalchemy import Engine

from bg_orchestration.importing.comparison import ReportShare
from bg_orchestration.importing.import_report import ImportReport
from bg_orchestration.importing.importer import import_into
from bg_orchestration.store.companies import company
from bg_orchestration.store.database import reading, writing

SOURCE = "sample"
# A company of companies.csv. A company is archived, never deleted, so its row tells for ever
# whether
# the sample was loaded: people who were erased since do not come back.
_FIRST_COMPANY = "brannock-vale-bank"


def sample_path(name: str) -> Path:
    """Return the path of a sample's file, such as `companies.csv` or `people.csv.gz`.

    Raises:
        FileNotFoundError: no sample has such a file.
    """
    path = Path(str(files(__package__))) / name
    if not path.is_file():
        raise FileNotFoundError(f"no sample file {name}")
    return path


def load_sample(engine: Engine, progress: ReportShare | None = None) -> ImportReport | None:
    """Import the fictional companies and people, once.

    One transaction imports both files, so a killed load is repeated whole.

    Returns:
        the report on the people; `None` after an earlier import.
    """
    with reading(engine) as connection:
        if company(connection, _FIRST_COMPANY) is not None:
            return None
    with writing(engine) as connection:
        import_into(connection, sample_path("companies.csv"), source=SOURCE)
        return import_into(
            connection, sample_path("people.csv.gz"), source=SOURCE, progress=progress
        )
