"""The pages of published groups as files: `companies/ID.html` below a folder."""

import time
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final

from sqlalchemy import Engine

from bg_orchestration.domain.company_ids import report_file_of
from bg_orchestration.profiles import key_companies, load_profiles
from bg_orchestration.refreshes.report_reading import company_facts, group_lines, hidden_people
from bg_orchestration.refreshes.staleness import freshness_by_id
from bg_orchestration.report.group_index import group_index
from bg_orchestration.report.published_page import published_page
from bg_orchestration.settings import Settings
from bg_orchestration.store.database import clock, reading

# The companies of one transaction: a long one would keep old rows in the database.
_AT_ONCE: Final = 100
# An index of 100,000 groups takes seconds, so not each refresh writes it.
_INDEX_SECONDS: Final = 3600.0
_MARK: Final = '<meta name="generator" content="bg report">'


def write_pages(
    engine: Engine, config: Settings, folder: Path, company_ids: Sequence[str]
) -> Iterator[int]:
    """Write the pages of companies; yield how many companies were looked at, step by step.

    Raises:
        OSError: a file cannot be written.
        ProfileError: a seller profile is wrong.
    """
    keys = key_companies(config.profiles)
    profiles = {profile.id: profile for profile in load_profiles(config.profiles)}
    for start in range(0, len(company_ids), _AT_ONCE):
        chunk = company_ids[start : start + _AT_ONCE]
        with reading(engine) as connection:
            hidden = hidden_people(connection)
            tiers = freshness_by_id(connection, config.freshness, keys, chunk)
            for company_id in chunk:
                facts = company_facts(connection, company_id, hidden, tiers.get(company_id))
                if facts is not None:
                    page = published_page(facts, profiles, config)
                    _write_file(folder / report_file_of(company_id), page)
        yield len(chunk)


def write_index(engine: Engine, config: Settings, folder: Path, *, complete: bool = False) -> None:
    """Write `index.html` over the pages in the folder.

    Args:
        engine: the database.
        config: the seller profiles.
        folder: the folder of the pages.
        complete: whether pages of companies without a group are removed.
    """
    profiles = {profile.id: profile for profile in load_profiles(config.profiles)}
    with reading(engine) as connection:
        lines = list(group_lines(connection))
        now = clock(connection)
    if complete:
        _remove_other_pages(folder, {report_file_of(line.company_id) for line in lines})
    lines = [line for line in lines if (folder / report_file_of(line.company_id)).is_file()]
    _write_file(folder / "index.html", group_index(lines, profiles, now))


def renew_page(engine: Engine, config: Settings, folder: Path, company_id: str) -> Path:
    """Write the page of one company, and the index if it is older than an hour; return the page.

    Raises:
        OSError: a file cannot be written.
    """
    for _ in write_pages(engine, config, folder, [company_id]):
        pass
    index = folder / "index.html"
    if not index.is_file() or time.time() - index.stat().st_mtime > _INDEX_SECONDS:
        write_index(engine, config, folder)
    return (folder / report_file_of(company_id)).absolute()


def _write_file(path: Path, text: str) -> None:
    """Write a file whole: a reader sees the old or the new one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f".{path.name}.unfinished")
    try:
        unfinished.write_text(text, "utf-8")
        unfinished.replace(path)
    except OSError:
        with suppress(OSError):
            unfinished.unlink()
        raise


def _remove_other_pages(folder: Path, names: Iterable[str]) -> None:
    """Remove the pages of `bg report` that are not among `names`, and no other file."""
    kept: Collection[Path] = {folder / name for name in names}
    for path in (folder / "companies").glob("*.html"):
        if path not in kept and _MARK in path.read_text("utf-8", errors="replace"):
            path.unlink()
