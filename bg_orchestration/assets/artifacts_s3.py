"""Asset values in S3, through the client of dagster-aws. Imported only when S3 is configured."""

from typing import Any

from botocore.exceptions import ClientError
from dagster import MetadataValue, OutputContext
from dagster_aws.s3 import S3Resource
from upath import UPath

from bg_orchestration.assets.artifacts import JsonIOManager


class S3JsonIOManager(JsonIOManager):
    """Keeps each value as one object: `s3://bucket/prefix/<asset>/<company>.json`.

    Credentials, region and endpoint come from the usual AWS variables.
    """

    def __init__(self, url: str) -> None:
        self._bucket, _, prefix = url.removeprefix("s3://").partition("/")
        self._client = S3Resource(max_attempts=5).get_client()
        super().__init__(base_path=UPath(prefix.strip("/")))

    def _read(self, path: UPath) -> bytes:
        try:
            found = self._client.get_object(Bucket=self._bucket, Key=path.as_posix())
        except self._client.exceptions.NoSuchKey:
            raise FileNotFoundError(self._uri(path)) from None
        content: bytes = found["Body"].read()
        return content

    def _write(self, path: UPath, content: bytes, writer: str) -> None:
        """Put the object; S3 shows it whole or not at all."""
        self._client.put_object(
            Bucket=self._bucket,
            Key=path.as_posix(),
            Body=content,
            ContentType="application/json",
        )

    def path_exists(self, path: UPath) -> bool:
        """Whether the object is there."""
        try:
            self._client.head_object(Bucket=self._bucket, Key=path.as_posix())
        except ClientError as error:
            if error.response["ResponseMetadata"]["HTTPStatusCode"] == 404:
                return False
            raise
        return True

    def unlink(self, path: UPath) -> None:
        """Delete the object."""
        self._client.delete_object(Bucket=self._bucket, Key=path.as_posix())

    def make_directory(self, path: UPath) -> None:
        """Do nothing: S3 has no directories."""

    def get_metadata(self, context: OutputContext, obj: Any) -> dict[str, MetadataValue]:
        """The object's address, where a folder would show its path."""
        return {"path": MetadataValue.path(self._uri(self._path_of(context)))}

    def _path_of(self, context: OutputContext) -> UPath:
        return next(iter(self._get_paths_for_partitions(context).values()))

    def _uri(self, path: UPath) -> str:
        return f"s3://{self._bucket}/{path.as_posix()}"
