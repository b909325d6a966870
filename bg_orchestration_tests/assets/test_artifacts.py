"""Asset values on disk and in S3, which a real server of its protocol stands for."""

import json
from pathlib import Path
from typing import Any

import boto3  # type: ignore[import-untyped]
import dagster as dg
import pytest
from pydantic import TypeAdapter
from sqlalchemy import Engine

from bg_orchestration import names
from bg_orchestration.assets import scored_people
from bg_orchestration.assets.artifacts import erase_from_artifacts
from bg_orchestration.assets.partitions import add_partitions
from bg_orchestration.definitions import defs
from bg_orchestration.domain.judgement.scoring import score_people
from bg_orchestration.domain.model import BuyerGroup, Company, Person
from bg_orchestration.privacy.requests import DataSubject, request_erasure
from bg_orchestration.settings import settings
from bg_orchestration.store.companies import company, people_of
from bg_orchestration.store.database import reading, writing
from bg_orchestration.store.schema.tables import buyer_group_refresh_logs as logs
from bg_orchestration_tests.assets.conftest import QUIET, Run, of, why
from bg_orchestration_tests.store.rows import STAFF, SUPPRESSIONS, follow, rows
from bg_orchestration_tests.stubs.bucket import bucket as bucket

ODD_IDS = ("a.b-c_d", "acme:eu", "a:b.c", "x" * 128, "Acme.json")


def loaded(instance: dg.DagsterInstance, asset: str, company_id: str) -> object:
    """What a later run would be given as its input."""
    add_partitions(instance, [company_id])
    return defs.load_asset_value(asset, partition_key=company_id, instance=instance)


def test_values_on_disk_are_what_the_model_says(
    database: Engine, run: Run, instance: dg.DagsterInstance
) -> None:
    result = run("acme")
    assert result.success, why(result)
    folder = Path(settings().artifacts_url)
    found = sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())
    assert found == [
        f"{name}/acme.json"
        for name in ("buyer_group", "company", "contacts", "people", "scored_people")
    ]
    with reading(database) as connection:
        stated = company(connection, "acme")
        working = people_of(connection, "acme")
    assert Company.model_validate_json((folder / "company/acme.json").read_bytes()) == stated
    people = TypeAdapter(list[Person]).validate_json((folder / "people/acme.json").read_bytes())
    assert people == working == sorted(STAFF, key=lambda one: one.person_id)
    groups = json.loads((folder / "buyer_group/acme.json").read_bytes())
    assert [group["company_id"] for group in groups] == ["acme"]
    again = loaded(instance, names.BUYER_GROUP, "acme")
    assert again == TypeAdapter(list[BuyerGroup]).validate_python(groups)


def test_every_company_id_is_a_file_of_its_own(
    database: Engine, run: Run, instance: dg.DagsterInstance
) -> None:
    follow(database, *ODD_IDS)
    for company_id in ODD_IDS:
        assert run(company_id, only=["company"]).success
    folder = Path(settings().artifacts_url) / "company"
    assert {path.name for path in folder.iterdir()} == {f"{one}.json" for one in ODD_IDS}
    for company_id in ODD_IDS:
        found = loaded(instance, names.COMPANY, company_id)
        assert isinstance(found, Company)
        assert found.company_id == company_id


def test_a_value_that_was_never_made_is_missing(
    database: Engine, instance: dg.DagsterInstance
) -> None:
    with pytest.raises(FileNotFoundError):
        loaded(instance, names.COMPANY, "acme")


def test_another_asset_may_read_the_values_of_several_companies(
    database: Engine, run: Run, instance: dg.DagsterInstance
) -> None:
    for company_id in ("acme", "empty"):
        assert run(company_id, only=["company"]).success

    read: dict[str, int | None] = {}

    @dg.asset(ins={names.COMPANY: dg.AssetIn(partition_mapping=dg.AllPartitionMapping())})
    def head_counts(company: dict[str, Company]) -> None:
        read.update({company_id: one.employee_count for company_id, one in company.items()})

    stored = defs.resolve_assets_def(names.COMPANY)
    dg.materialize(
        [stored, head_counts],
        selection=[head_counts],
        instance=instance,
        resources={"io_manager": stored.resource_defs["io_manager"]},
        run_config=QUIET,
    )
    assert read == {"acme": 80, "empty": 80}


def test_a_whole_run_with_values_in_s3(
    database: Engine,
    run: Run,
    instance: dg.DagsterInstance,
    bucket: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("BG_ARTIFACTS", f"s3://{bucket}/team/values/")
    settings.cache_clear()
    result = run("acme")
    assert result.success
    client = boto3.client("s3")
    keys = [one["Key"] for one in client.list_objects_v2(Bucket=bucket)["Contents"]]
    assert keys == [
        f"team/values/{name}/acme.json"
        for name in ("buyer_group", "company", "contacts", "people", "scored_people")
    ]
    head = client.head_object(Bucket=bucket, Key="team/values/company/acme.json")
    assert head["ContentType"] == "application/json"
    assert of(result, names.COMPANY)["path"] == f"s3://{bucket}/team/values/company/acme.json"
    assert not (settings().home / "artifacts").exists()
    [log] = rows(database, logs)
    assert log["state"] == "completed"

    found = loaded(instance, names.COMPANY, "acme")
    assert isinstance(found, Company)
    with pytest.raises(FileNotFoundError, match=r"s3://values/team/values/company/empty\.json"):
        loaded(instance, names.COMPANY, "empty")

    assert erase_from_artifacts(["acme", "empty"], ["p-ann"]) == 3
    assert erase_from_artifacts(["acme", "empty"], ["p-ann"]) == 0
    for key in keys:
        assert b"p-ann" not in client.get_object(Bucket=bucket, Key=key)["Body"].read()
    left = loaded(instance, names.SCORED_PEOPLE, "acme")
    assert isinstance(left, list)
    assert len(left) == len(STAFF) - 1
    client.close()


def test_a_person_erased_while_a_run_is_in_flight_is_in_no_value_after_it(
    database: Engine, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    def erase_meanwhile(*arguments: Any) -> Any:
        with writing(database) as connection:
            request_erasure(connection, [DataSubject.parse("p-ann")], SUPPRESSIONS)
        return score_people(*arguments)

    monkeypatch.setattr(scored_people, "score_people", erase_meanwhile)
    result = run("acme")
    assert result.success, why(result)
    for path in Path(settings().artifacts_url).rglob("*.json"):
        assert "p-ann" not in path.read_text(), path
        assert "Ann Lee" not in path.read_text(), path


def test_a_value_of_another_version_is_refused_without_quoting_it(
    database: Engine, run: Run, instance: dg.DagsterInstance
) -> None:
    assert run("acme").success
    stored = Path(settings().artifacts_url) / names.PEOPLE / "acme.json"
    stored.write_text(json.dumps([{"name": "Noor Example", "email": "noor@acme.example"}]))
    result = run("acme", only=[names.SCORED_PEOPLE])
    assert not result.success
    told = why(result)
    assert "materialize people again" in told
    assert "Noor" not in told
    assert "noor@" not in told
