"""Messages in a folder: each is taken once and whole, however many write and read."""

import json
import os
import shutil
from base64 import b64decode
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from queue import Empty
from typing import Any

import pytest
from kombu import Connection, Exchange, Producer, Queue
from kombu.transport import filesystem

from bg_orchestration.ops import folder_broker
from bg_orchestration.ops.folder_broker import Channel, Transport

_MESSAGES = 400


def _channel(folder: Path) -> Any:
    options = {
        "data_folder_in": str(folder),
        "data_folder_out": str(folder),
        "control_folder": str(folder / "control"),
    }
    return Connection("folder://", transport_options=options).channel()


def _message(number: int) -> dict[str, Any]:
    """The parts of a message that Celery sends; the body counts."""
    return {"body": number, "headers": {}, "properties": {"correlation_id": f"task-{number}"}}


def test_the_address_stands_for_our_transport(tmp_path: Path) -> None:
    channel = _channel(tmp_path)
    assert isinstance(channel, Channel)
    assert isinstance(channel.connection, Transport)


def test_no_reader_ever_sees_a_message_that_is_not_written(tmp_path: Path) -> None:
    """Kombu's own fails here after some messages: it reads a file that is still empty."""
    writer, readers = _channel(tmp_path), [_channel(tmp_path) for _ in range(3)]
    read: list[int] = []

    def take(channel: Any) -> None:
        while len(read) < _MESSAGES:
            try:
                read.append(channel._get("runs")["body"])
            except Empty:
                continue

    with ThreadPoolExecutor(4) as pool:
        takers = [pool.submit(take, channel) for channel in readers]
        for number in range(_MESSAGES):
            writer._put("runs", _message(number))
        for taker in takers:
            taker.result()
    assert sorted(read) == list(range(_MESSAGES))
    assert list(tmp_path.glob("*.*")) == []


def test_what_kombu_reads_is_what_is_written(tmp_path: Path) -> None:
    """`_put` is private to Kombu: another way to name or write files would lose messages."""
    channel = _channel(tmp_path)
    filesystem.Channel._put(channel, "runs", _message(1))
    [theirs] = tmp_path.glob("*.msg")
    channel._put("runs", _message(2))
    [ours] = set(tmp_path.glob("*.msg")) - {theirs}
    assert theirs.name.partition(".")[2] == ours.name.partition(".")[2]
    assert json.loads(theirs.read_text()).keys() == json.loads(ours.read_text()).keys()
    assert {channel._get("runs")["body"] for _ in range(2)} == {1, 2}


@pytest.mark.parametrize(
    "content",
    [b"", b'{"body": 1, "hea', b"[]", b"null", b"{}", b"\xff\xfe\x00", b"\x00" * 4096],
    ids=["empty", "cut", "array", "null", "no message", "not UTF-8", "zeros"],
)
def test_a_file_that_is_no_message_is_dropped_and_the_next_message_is_taken(
    tmp_path: Path, content: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    channel = _channel(tmp_path)
    broken = tmp_path / "0_task-broken.runs.msg"
    broken.write_bytes(content)
    os.utime(broken, (1, 1))
    channel._put("runs", _message(2))
    assert channel._get("runs")["body"] == 2
    assert "message_unreadable: 0_task-broken.runs.msg" in caplog.text
    with pytest.raises(Empty):
        channel._get("runs")
    assert list(tmp_path.glob("*.*")) == []


def test_a_file_that_another_program_still_writes_is_left_alone_for_a_moment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(folder_broker, "_FRESH", 3600.0)
    channel = _channel(tmp_path)
    unfinished = tmp_path / "1_task-1.runs.msg"
    unfinished.touch()
    with pytest.raises(Empty):
        channel._get("runs")
    unfinished.write_text(json.dumps(_message(1)))
    assert channel._get("runs")["body"] == 1


def test_the_run_of_a_lost_message_is_named_by_its_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lost: list[str] = []
    monkeypatch.setattr(folder_broker, "_end_run", lost.append)
    channel = _channel(tmp_path)
    channel._put("runs", _message(7))
    [file] = tmp_path.glob("*.msg")
    file.write_bytes(b"")
    os.utime(file, (1, 1))
    with pytest.raises(Empty):
        channel._get("runs")
    assert lost == ["task-7"]


def test_a_message_that_cannot_be_written_leaves_no_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(folder_broker.os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        _channel(tmp_path)._put("runs", _message(1))
    assert list(tmp_path.glob("*.*")) == []


@pytest.fixture(autouse=True)
def _new_process() -> None:
    """Kombu remembers in each process what it has bound."""
    Transport.global_state.clear()


def _exchange_of_runs() -> tuple[Exchange, Queue]:
    exchange = Exchange("runs", type="direct")
    return exchange, Queue("runs", exchange, routing_key="runs")


@pytest.mark.parametrize("content", [b"", b"[[", b"null", b"[1, 2]"])
def test_a_file_of_bindings_that_cannot_be_read_is_made_anew(
    tmp_path: Path, content: bytes
) -> None:
    folder = tmp_path / "messages"
    (folder / "control").mkdir(parents=True)
    table = folder / "control" / "runs.exchange"
    table.write_bytes(content)
    exchange, queue = _exchange_of_runs()
    channel = _channel(folder)
    Producer(channel, exchange, routing_key="runs", serializer="json").publish(
        {"run": 1}, declare=[queue]
    )
    assert json.loads(table.read_text()) == [["runs", "", "runs"]]
    assert channel._size("runs") == 1


@pytest.mark.parametrize("lost", ["bindings", "control", "messages", "everything"])
def test_folders_that_are_deleted_under_running_parts_are_made_again(
    tmp_path: Path, lost: str
) -> None:
    folder = tmp_path / "messages"
    folder.mkdir()
    exchange, queue = _exchange_of_runs()
    sender, reader = _channel(folder), _channel(folder)
    producer = Producer(sender, exchange, routing_key="runs", serializer="json")
    producer.publish({"run": 1}, declare=[queue])
    reader._get("runs")
    if lost == "bindings":
        (folder / "control" / "runs.exchange").write_bytes(b"")
    else:
        part = {"control": "control", "messages": "", "everything": ""}[lost]
        shutil.rmtree(folder / part)
    with pytest.raises(Empty):
        reader._get("runs")
    producer.publish({"run": 2}, declare=[queue])
    assert json.loads(b64decode(reader._get("runs")["body"])) == {"run": 2}
