"""Asset values in S3, by dagster-aws; imported only when S3 is configured."""

from dagster_aws.s3 import S3Resource


class ArtifactBucket:
    """An `ArtifactStorage` of one object for each value: `s3://bucket/prefix/ASSET/COMPANY.json`.

    Credentials, region and endpoint come from the usual AWS variables. S3 shows an object whole or
    not at all.
    """

    def __init__(self, url: str) -> None:
        self._bucket, _, prefix = url.removeprefix("s3://").partition("/")
        self._prefix = f"{prefix.strip('/')}/" if prefix.strip("/") else ""
        self._client = S3Resource(max_attempts=5).get_client()

    def read(self, path: str) -> bytes:
        """Return the object's content; FileNotFoundError if there is none."""
        try:
            response = self._client.get_object(Bucket=self._bucket, Key=self._prefix + path)
        except self._client.exceptions.NoSuchKey:
            raise FileNotFoundError(self.address(path)) from None
        content: bytes = response["Body"].read()
        return content

    def write(self, path: str, content: bytes, writer: str) -> None:
        """Replace the object; `writer` is not needed."""
        self._client.put_object(
            Bucket=self._bucket,
            Key=self._prefix + path,
            Body=content,
            ContentType="application/json",
        )

    def address(self, path: str) -> str:
        """Return the object's s3:// URL."""
        return f"s3://{self._bucket}/{self._prefix}{path}"
