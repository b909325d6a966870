"""An export in S3, on a real server of its protocol, in a bucket that keeps old versions."""

import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3  # type: ignore[import-untyped]
import pyarrow.parquet as pq
import pytest
from boto3.exceptions import S3UploadFailedError  # type: ignore[import-untyped]
from sqlalchemy import Engine

from bg_orchestration.destinations.warehouse.export import export, is_current
from bg_orchestration.destinations.warehouse.targets import ExportError, Manifest, target_of
from bg_orchestration.domain.warehouse_tables import TABLES
from bg_orchestration.privacy.erasure import erase
from bg_orchestration.store.database import reading, writing
from bg_orchestration_tests.destinations.warehouse.conftest import Publish
from bg_orchestration_tests.refreshes.test_publishing import group, member
from bg_orchestration_tests.store.rows import SUPPRESSIONS

ADDRESS = "s3://values/team/groups/"


@pytest.fixture
def client(bucket: str) -> Iterator[Any]:
    made = boto3.client("s3")
    made.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
    yield made
    made.close()


def stored(client: Any) -> list[tuple[str, bytes]]:
    """Every object with its content, former versions included."""
    pages = client.get_paginator("list_object_versions").paginate(Bucket="values")
    return [
        (
            entry["Key"],
            client.get_object(Bucket="values", Key=entry["Key"], VersionId=entry["VersionId"])[
                "Body"
            ].read(),
        )
        for page in pages
        for entry in page.get("Versions", ())
    ]


def text_of(client: Any) -> str:
    return "\n".join(
        str(pq.read_table(io.BytesIO(body)).to_pylist()) if key.endswith(".parquet") else str(body)
        for key, body in stored(client)
    )


def test_an_export_in_a_bucket_is_switched_and_cleaned(
    published_sqlite: tuple[Engine, Publish], client: Any, tmp_path: Path
) -> None:
    engine, put = published_sqlite
    report = export(engine, target_of(ADDRESS, tmp_path))
    assert report.changed
    body = client.get_object(Bucket="values", Key="team/groups/current.json")["Body"].read()
    manifest = Manifest.parse(body, ADDRESS)
    keys = {key for key, _ in stored(client)}
    files = {f"team/groups/versions/{report.version}/{each.name}.parquet" for each in TABLES}
    assert keys == {"team/groups/current.json", *files}
    assert {f"team/groups/{each['file']}" for each in manifest.tables.values()} == files
    assert export(engine, target_of(ADDRESS, tmp_path)).changed is False
    with reading(engine) as connection:
        assert is_current(connection, target_of(ADDRESS, tmp_path))

    # A killed export leaves parts of an upload and objects of a version that nothing names.
    client.create_multipart_upload(
        Bucket="values", Key="team/groups/versions/00c0ffee00c0ffee/x.parquet"
    )
    client.put_object(
        Bucket="values", Key="team/groups/versions/00c0ffee00c0ffee/y.parquet", Body=b"Ann Lee"
    )
    client.put_object(Bucket="values", Key="team/other.txt", Body=b"of another team")
    client.put_object(Bucket="values", Key="team/groups/versions/notes.txt", Body=b"of a user")
    put("acme", group(member("p-ann"), member("p-cyd")))
    second = export(engine, target_of(ADDRESS, tmp_path))
    assert second.changed
    versions = {key.split("/")[3] for key, _ in stored(client) if "/versions/" in key}
    assert versions == {report.version, second.version, "notes.txt"}
    assert not client.list_multipart_uploads(Bucket="values").get("Uploads")
    assert "Ann Lee" in text_of(client)

    with writing(engine) as connection:
        erase(connection, ["p-ann"], SUPPRESSIONS)
    export(engine, target_of(ADDRESS, tmp_path))
    text = text_of(client)
    assert [trace for trace in ("p-ann", "Ann Lee", "ann@acme") if trace in text] == []
    assert "p-cyd" in text
    assert "of another team" in text
    assert not (tmp_path / "export.staging").exists()


def test_of_two_exports_at_once_one_fails_and_the_other_stays_whole(
    published_sqlite: tuple[Engine, Publish], client: Any, tmp_path: Path
) -> None:
    engine, put = published_sqlite
    slow = target_of(ADDRESS, tmp_path / "one")
    export(engine, slow)
    put("acme", group(member("p-cyd")))
    fast = target_of(ADDRESS, tmp_path / "two")
    publish = type(slow).publish

    def overtaken(manifest: Manifest) -> None:
        put("acme", group(member("p-dan")))
        export(engine, fast)
        publish(slow, manifest)  # type: ignore[arg-type]

    slow.publish = overtaken  # type: ignore[method-assign]
    with pytest.raises(ExportError, match="Another export wrote"):
        export(engine, slow)
    manifest = target_of(ADDRESS, tmp_path).current()
    assert manifest is not None
    for each in manifest.tables.values():
        client.head_object(Bucket="values", Key=f"team/groups/{each['file']}")
    assert "p-dan" in text_of(client)


def test_a_failing_upload_leaves_the_former_export(
    published_sqlite: tuple[Engine, Publish],
    client: Any,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    engine, put = published_sqlite
    before = export(engine, target_of(ADDRESS, tmp_path)).version
    put("acme", group(member("p-cyd")))
    target: Any = target_of(ADDRESS, tmp_path)
    upload, uploads = target._client.upload_file, []

    def fails_at_the_third(*of_file: str) -> None:
        uploads.append(of_file)
        if len(uploads) == 3:
            raise S3UploadFailedError("the connection ended")
        upload(*of_file)

    monkeypatch.setattr(target._client, "upload_file", fails_at_the_third)
    with pytest.raises(ExportError, match="cannot be used"):
        export(engine, target)
    current = json.loads(
        client.get_object(Bucket="values", Key="team/groups/current.json")["Body"].read()
    )
    assert current["version"] == before


def test_a_missing_bucket_is_named(
    published_sqlite: tuple[Engine, Publish], client: Any, tmp_path: Path
) -> None:
    with pytest.raises(ExportError, match=r"s3://nowhere/x cannot be used: NoSuchBucket"):
        export(published_sqlite[0], target_of("s3://nowhere/x", tmp_path))
