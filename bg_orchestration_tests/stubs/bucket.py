"""An empty bucket on a server that speaks S3 over HTTP."""

from collections.abc import Iterator

import boto3  # type: ignore[import-untyped]
import httpx
import pytest


@pytest.fixture
def bucket(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The name of an empty bucket, which the AWS variables of the process lead to."""
    from moto.server import ThreadedMotoServer

    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    # The servers of one process share their buckets.
    httpx.post(f"http://{host}:{port}/moto-api/reset", trust_env=False)
    for name, value in {
        "AWS_ENDPOINT_URL": f"http://{host}:{port}",
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_DEFAULT_REGION": "us-east-1",
    }.items():
        monkeypatch.setenv(name, value)
    client = boto3.client("s3")
    client.create_bucket(Bucket="values")
    client.close()
    yield "values"
    server.stop()
