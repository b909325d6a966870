"""An export in S3, or in a service with its protocol; imported only when a bucket is named."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import boto3
from boto3.exceptions import Boto3Error
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from bg_orchestration.destinations.warehouse.targets import ExportError, Manifest, is_version

_CONFIG: Final = Config(
    connect_timeout=5, read_timeout=60, retries={"max_attempts": 5, "mode": "standard"}
)
_MOST_DELETED: Final = 1_000
_FAULTS: Final = (Boto3Error, BotoCoreError, ClientError)


class BucketTarget:
    """`s3://bucket/prefix`; credentials, region and endpoint come from the usual AWS variables.

    The manifest is replaced on the condition that it is still the one that was read: of two
    exports at once, one fails. Old objects are deleted with all their versions and all parts of
    broken uploads, because a bucket with versioning would keep erased people.
    """

    def __init__(self, url: str, staging: Path) -> None:
        self.address = url.rstrip("/")
        self.staging = staging
        self._bucket, _, prefix = url.removeprefix("s3://").partition("/")
        self._prefix = f"{prefix.strip('/')}/" if prefix.strip("/") else ""
        self._client: Any = boto3.client("s3", config=_CONFIG)
        self._etag: str | None = None
        self._version: str | None = None

    def current(self) -> Manifest | None:
        """Return the manifest, and remember which one it was.

        Raises:
            ExportError: the bucket cannot be read.
        """
        try:
            answer = self._client.get_object(Bucket=self._bucket, Key=self._key("current.json"))
            manifest = Manifest.parse(answer["Body"].read(), self.address)
            self._etag, self._version = answer["ETag"], manifest.version
            return manifest
        except self._client.exceptions.NoSuchKey:
            self._etag = self._version = None
            return None
        except _FAULTS as error:
            raise self._failure(error) from None

    def publish(self, manifest: Manifest) -> None:
        """Upload the staged files, then replace the manifest, then delete the other versions.

        Raises:
            ExportError: an upload failed, or another export was faster.
        """
        try:
            # The name of a version is a hash of its content.
            if manifest.version != self._version:
                self._upload(manifest)
            self._replace_manifest(manifest)
            kept = tuple(
                self._key(f"versions/{version}/")
                for version in (manifest.version, manifest.former)
                if version
            )
            self._delete_others(kept)
        except _FAULTS as error:
            raise self._failure(error) from None

    def discard_rest(self) -> None:
        """Delete the objects, which no manifest names.

        Raises:
            ExportError: the bucket cannot be used.
        """
        try:
            self._delete_others(())
        except _FAULTS as error:
            raise self._failure(error) from None

    def _upload(self, manifest: Manifest) -> None:
        for table in manifest.tables.values():
            file = self.staging / Path(table["file"]).name
            self._client.upload_file(str(file), self._bucket, self._key(table["file"]))

    def _replace_manifest(self, manifest: Manifest) -> None:
        condition = {"IfMatch": self._etag} if self._etag else {"IfNoneMatch": "*"}
        self._client.put_object(
            Bucket=self._bucket,
            Key=self._key("current.json"),
            Body=manifest.content(),
            ContentType="application/json",
            **condition,
        )

    def _delete_others(self, kept: tuple[str, ...]) -> None:
        prefix = self._key("versions/")
        uploads = self._client.get_paginator("list_multipart_uploads")
        for page in uploads.paginate(Bucket=self._bucket, Prefix=prefix):
            for upload in page.get("Uploads", ()):
                self._client.abort_multipart_upload(
                    Bucket=self._bucket, Key=upload["Key"], UploadId=upload["UploadId"]
                )
        old = [
            {"Key": key, "VersionId": version}
            for key, version, is_latest in self._object_versions(prefix)
            if is_version(key.removeprefix(prefix).partition("/")[0])
            and not (is_latest and key.startswith(kept))
        ]
        for start in range(0, len(old), _MOST_DELETED):
            answer = self._client.delete_objects(
                Bucket=self._bucket,
                Delete={"Objects": old[start : start + _MOST_DELETED], "Quiet": True},
            )
            if answer.get("Errors"):
                raise ExportError(
                    f"{self.address} is written, but old objects could not be deleted: "
                    f"{answer['Errors'][0]['Code']}. Grant s3:DeleteObjectVersion, export again."
                )

    def _object_versions(self, prefix: str) -> Iterator[tuple[str, str, bool]]:
        pages = self._client.get_paginator("list_object_versions")
        for page in pages.paginate(Bucket=self._bucket, Prefix=prefix):
            for entry in (*page.get("Versions", ()), *page.get("DeleteMarkers", ())):
                yield entry["Key"], entry["VersionId"], entry["IsLatest"]

    def _key(self, name: str) -> str:
        return self._prefix + name

    def _failure(self, error: Exception) -> ExportError:
        code = getattr(error, "response", {}).get("Error", {}).get("Code", type(error).__name__)
        if code in ("PreconditionFailed", "ConditionalRequestConflict"):
            return ExportError(
                f"Another export wrote to {self.address} meanwhile. Its result stays."
            )
        return ExportError(
            f"{self.address} cannot be used: {code}. Check the bucket's name, the AWS_ variables, "
            "and the permissions s3:GetObject, PutObject, DeleteObjectVersion, "
            "ListBucketVersions, ListBucketMultipartUploads, AbortMultipartUpload."
        )
