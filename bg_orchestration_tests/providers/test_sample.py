"""The sample that ships is the one its generator makes, and it loads fast and once."""

import csv
import gzip
import io
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, delete, func, select

from bg_orchestration.domain.company_ids import is_company_id
from bg_orchestration.importing.cells import read_email, read_phones
from bg_orchestration.importing.dates import read_start
from bg_orchestration.importing.importer import import_file
from bg_orchestration.providers.sample import load_sample, sample_path
from bg_orchestration.providers.sample.generate import companies_csv, people_csv, vocabulary
from bg_orchestration.store.companies import followed_ids, people_of
from bg_orchestration.store.company_search import listing
from bg_orchestration.store.database import engine_for, reading, writing
from bg_orchestration.store.schema.tables import people

FICTIONAL = re.compile(r"\+442079460\d{3}|\+12025550?1\d{2}|\+493023125\d{3}|\+33199\d{6}")


def rows(name: str) -> list[dict[str, str]]:
    data = sample_path(name).read_bytes()
    text = gzip.decompress(data) if name.endswith(".gz") else data
    return list(csv.DictReader(io.StringIO(text.decode())))


def test_the_generator_makes_the_files_that_ship() -> None:
    words = vocabulary()
    assert companies_csv(words) == sample_path("companies.csv").read_bytes()
    # The packed bytes differ with the version of zlib, what is in them does not.
    assert people_csv(words) == gzip.decompress(sample_path("people.csv.gz").read_bytes())


def test_the_sample_is_small_to_ship_and_wide_enough_to_try_things_on() -> None:
    folder = sample_path("companies.csv").parent
    assert sum(file.stat().st_size for file in folder.rglob("*") if file.is_file()) < 1 << 20
    heads = Counter(row["company_id"] for row in rows("people.csv.gz"))
    assert {row["company_id"] for row in rows("companies.csv")} == set(heads)
    assert len(heads) >= 16
    assert (min(heads.values()), max(heads.values())) == (1, 5_000)
    assert heads.total() >= 8_000
    assert all(map(is_company_id, heads))


def test_nobody_in_it_can_be_reached() -> None:
    emails = [email for row in rows("people.csv.gz") if (email := read_email(row["email"]))]
    phones = [phone for row in rows("people.csv.gz") for phone in read_phones(row["phone"])]
    assert len(emails) > 7_000
    assert all(email.endswith(".example") and email.isascii() for email in emails)
    assert len(set(emails)) == len(emails)
    assert len(phones) > 2_000
    assert all(FICTIONAL.fullmatch(phone.value) for phone in phones)


def test_it_is_as_uneven_as_real_lists_are() -> None:
    found = rows("people.csv.gz")
    assert 50 < sum(not row["title"] for row in found) < 400
    assert {len(read_start(row["started_at"]) or "") for row in found} == {0, 4, 7, 10}
    assert 0 < sum(not row["department"] for row in found) < len(found)
    stated = {row["company_id"]: row["employee_count"] for row in rows("companies.csv")}
    assert "" in stated.values()


@pytest.mark.parametrize("word", ["Procurement", "Legal", "Information Security", "Finance"])
def test_the_bank_has_heads_of_what_a_purchase_needs(word: str) -> None:
    bank = [row for row in rows("people.csv.gz") if row["company_id"] == "brannock-vale-bank"]
    titles = [row["title"] for row in bank if word in row["title"]]
    assert any("Chief" in row["title"] and "Officer" in row["title"] for row in bank)
    assert any("Director" in title or "Head" in title for title in titles)
    assert any("Manager" in title or "Lead" in title for title in titles)


def counts(engine: Engine) -> Any:
    with reading(engine) as connection:
        return connection.scalar(select(func.count()).select_from(people))


def test_it_loads_once_and_who_was_erased_stays_away(engine: Engine) -> None:
    shares: list[float] = []
    report = load_sample(engine, shares.append)
    assert report is not None
    assert (report.new, report.skipped, report.unread, report.new_companies) == (8_664, [], {}, 0)
    assert shares == sorted(shares)
    assert 0 < shares[0] < shares[-1] <= 1
    with reading(engine) as connection:
        sizes = {one.company_id: one.people for one in listing(connection)}
        assert followed_ids(connection) == sorted(sizes)
        assert len(people_of(connection, "brannock-vale-bank")) == 5_000
    assert sizes["harrowlane-bindery"] == 1
    with writing(engine) as connection:
        connection.execute(delete(people).where(people.c.person_id == "harrowlane-bindery-0001"))
    assert load_sample(engine) is None
    assert counts(engine) == 8_663


def test_a_load_that_was_cut_short_is_done_again(fresh_sqlite: Path) -> None:
    engine = engine_for(f"sqlite:///{fresh_sqlite}")

    def fail(_share: float) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        load_sample(engine, fail)
    assert counts(engine) == 0
    assert load_sample(engine) is not None
    engine.dispose()


def test_the_real_companys_list_is_read(fresh_sqlite: Path) -> None:
    engine = engine_for(f"sqlite:///{fresh_sqlite}")
    start = import_file(engine, sample_path("real_org/people_start.csv"))
    end = import_file(engine, sample_path("real_org/people_end.csv"), complete=True)
    assert (start.new, start.skipped, end.skipped) == (205, [], [])
    assert (end.used, end.ended) == (219, 83)
    with reading(engine) as connection:
        assert len(people_of(connection, "real-org")) == 219
    engine.dispose()


def test_a_sample_that_does_not_exist() -> None:
    assert sample_path("real_org/events.jsonl").is_file()
    with pytest.raises(FileNotFoundError):
        sample_path("real_org/nothing.csv")
