"""The suppression list answers which people are on it, and its key exists from the first start."""

from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine, insert

from bg_orchestration.cli import bg as cli
from bg_orchestration.importing.importer import import_file
from bg_orchestration.privacy.requests import DataSubject, request_erasure
from bg_orchestration.privacy.suppression import (
    Identifier,
    SuppressionKeyError,
    Suppressions,
    identifiers_of,
    suppression_key,
)
from bg_orchestration.settings import Settings, settings
from bg_orchestration.store.database import clock, engine_for, reading, upgrade_schema, writing
from bg_orchestration.store.provider_records import note_record
from bg_orchestration.store.schema.tables import contact_points, people, suppressions
from bg_orchestration_tests.store.rows import STAFF, SUPPRESSIONS, follow, rows

IDENTIFIERS = st.builds(Identifier, st.just("email"), st.sampled_from("abcdef"))


@pytest.fixture(scope="module")
def list_of_abc(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    engine = engine_for(f"sqlite:///{tmp_path_factory.mktemp('list') / 'list.sqlite3'}")
    upgrade_schema(engine)
    with writing(engine) as connection:
        SUPPRESSIONS.suppress(connection, [Identifier("email", one) for one in "abc"])
    return engine


@given(st.dictionaries(st.integers(0, 9), st.lists(IDENTIFIERS)))
def test_each_person_with_a_listed_identifier_is_suppressed(
    list_of_abc: Engine, identifiers: dict[int, list[Identifier]]
) -> None:
    expected = {
        who for who, found in identifiers.items() if {one.value for one in found} & {*"abc"}
    }
    with reading(list_of_abc) as connection:
        assert SUPPRESSIONS.suppressed(connection, identifiers) == expected


def test_a_stored_person_is_suppressed_by_anything_stored_of_them(engine: Engine) -> None:
    follow(engine, "acme", staff=STAFF)
    ids = [person.person_id for person in STAFF]
    with writing(engine) as connection:
        ann, bob, cyd, dan, _ = ids
        page = "https://de.linkedin.com/in/Bob-Ray/"
        connection.execute(people.update().where(people.c.person_id == bob), {"linkedin_url": page})
        for who in (cyd, dan):
            point = {"person_id": who, "kind": "email", "value": "Team@acme.example", "source": "x"}
            connection.execute(contact_points.insert(), point)
        note_record(connection, "person", "pdl", [("77", ann)], clock(connection))
        assert SUPPRESSIONS.suppressed_people(connection, ids) == set()
        SUPPRESSIONS.suppress(connection, identifiers_of(emails=["team@ACME.example"]))
        assert SUPPRESSIONS.suppressed_people(connection, ids) == {cyd, dan}
        SUPPRESSIONS.suppress(
            connection, identifiers_of(linkedin_url="linkedin.com/in/bob-ray?x=1")
        )
        SUPPRESSIONS.suppress(connection, identifiers_of(ids=[("pdl", "77")]))
        assert SUPPRESSIONS.suppressed_people(connection, ids) == {ann, bob, cyd, dan}
        assert SUPPRESSIONS.suppressed_people(connection, [ann]) == {ann}


@pytest.mark.parametrize("names", [("Ann Lee", "Ann Lee-Ray"), ("Ann Lee-Ray", "Ann Lee")])
def test_rows_of_one_file_that_share_an_address_are_all_kept_out(
    engine: Engine, tmp_path: Path, names: tuple[str, str]
) -> None:
    with writing(engine) as connection:
        Suppressions.configured(settings()).suppress(
            connection, identifiers_of(emails=["ann@acme.example"])
        )
    file = tmp_path / "people.csv"
    file.write_text(
        "person_id,name,title,email,company_id\n"
        f"p-1,{names[0]},CFO,ann@acme.example,acme\n"
        f"p-2,{names[1]},CFO,Ann@acme.example,acme\n"
        "p-3,Bob Ray,CTO,bob@acme.example,acme\n"
    )
    import_file(engine, file)
    assert [row["person_id"] for row in rows(engine, people)] == ["p-3"]


def test_the_key_is_created_once_and_is_private(tmp_path: Path) -> None:
    config = Settings(home=tmp_path / "home")
    assert suppression_key(config) is None
    Suppressions.configured(config)
    key = suppression_key(config)
    assert key is not None
    assert len(key) == 64
    Suppressions.configured(config)
    assert suppression_key(config) == key
    assert (tmp_path / "home" / "suppression.key").stat().st_mode & 0o077 == 0
    assert [path.name for path in (tmp_path / "home").iterdir()] == ["suppression.key"]


def test_without_a_place_for_the_key_an_empty_list_can_be_read(
    engine: Engine, tmp_path: Path
) -> None:
    (tmp_path / "file").touch()
    unwritable = Suppressions.configured(Settings(home=tmp_path / "file" / "home"))
    with writing(engine) as connection:
        assert unwritable.suppressed(connection, {1: identifiers_of("p-ann")}) == set()
        with pytest.raises(SuppressionKeyError, match="Set BG_SUPPRESSION_KEY"):
            unwritable.suppress(connection, identifiers_of("p-ann"))


@pytest.mark.parametrize("forgotten", ["p-z", " p-z", "P-Z ", "pdl-Ab7", "\tPDL-ab7"])
def test_spaces_and_letter_case_are_no_part_of_an_id(fresh_sqlite: Path, forgotten: str) -> None:
    engine = engine_for(f"sqlite:///{fresh_sqlite}")
    with writing(engine) as connection:
        SUPPRESSIONS.suppress(connection, identifiers_of(forgotten))
        for again in ("p-z", " p-z ", "P-z", "pdl-ab7", "PDL-AB7 "):
            same = forgotten.strip().casefold() == again.strip().casefold()
            assert bool(SUPPRESSIONS.listed(connection, identifiers_of(again))) is same
    engine.dispose()


def test_a_list_that_holds_ids_as_they_were_written_still_counts(fresh_sqlite: Path) -> None:
    engine = engine_for(f"sqlite:///{fresh_sqlite}")
    with writing(engine) as connection:
        SUPPRESSIONS.suppress(connection, [Identifier("email", "a@b.example")])
        mark = SUPPRESSIONS._hash("person", "P-Old")
        connection.execute(insert(suppressions).values(mark=mark, created_at=clock(connection)))
        assert SUPPRESSIONS.listed(connection, identifiers_of("P-Old"))
    engine.dispose()


@pytest.mark.parametrize("asked", ["P-Ann", " p-ann ", "p-ANN\t"])
def test_a_stored_person_is_found_whatever_the_case_of_the_id(
    fresh_sqlite: Path, asked: str
) -> None:
    engine = engine_for(f"sqlite:///{fresh_sqlite}")
    follow(engine, "acme", staff=STAFF)
    with writing(engine) as connection:
        request = request_erasure(connection, [DataSubject((asked,))], SUPPRESSIONS)
    assert request.people == {"p-ann"}
    engine.dispose()


def test_a_command_with_another_key_names_the_setting(
    engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "people.csv"
    file.write_text("company,domain,name,title\nAcme,acme.example,Ann Example,CFO\n")
    assert CliRunner().invoke(cli, ["forget", "p-ann", "--yes"]).exit_code == 0
    monkeypatch.setenv("BG_SUPPRESSION_KEY", "another-key-of-at-least-sixteen-bytes")
    settings.cache_clear()
    result = CliRunner().invoke(cli, ["import", str(file)])
    assert result.exit_code == 2
    assert "BG_SUPPRESSION_KEY is not the key" in result.output
    assert "BG_MORE_SUPPRESSION_KEYS" in result.output
    assert rows(engine, people) == []
