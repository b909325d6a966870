"""Messages in a folder: each is taken once and whole, however many write and read."""

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from queue import Empty
from typing import Any

from kombu import Connection
from kombu.transport import filesystem

from bg_orchestration.ops.folder_broker import Channel, Transport

_MESSAGES = 400


def _channel(folder: Path) -> Any:
    options = {
        "data_folder_in": str(folder),
        "data_folder_out": str(folder),
        "control_folder": str(folder / "control"),
    }
    return Connection("folder://", transport_options=options).channel()


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
                read.append(channel._get("runs")["number"])
            except Empty:
                continue

    with ThreadPoolExecutor(4) as pool:
        takers = [pool.submit(take, channel) for channel in readers]
        for number in range(_MESSAGES):
            writer._put("runs", {"number": number})
        for taker in takers:
            taker.result()
    assert sorted(read) == list(range(_MESSAGES))
    assert list(tmp_path.glob("*.*")) == []


def test_what_kombu_reads_is_what_is_written(tmp_path: Path) -> None:
    """`_put` is private to Kombu: another way to name or write files would lose messages."""
    channel = _channel(tmp_path)
    filesystem.Channel._put(channel, "runs", {"number": 1})
    [theirs] = tmp_path.glob("*.msg")
    channel._put("runs", {"number": 2})
    [ours] = set(tmp_path.glob("*.msg")) - {theirs}
    assert theirs.name.partition(".")[2] == ours.name.partition(".")[2]
    assert json.loads(theirs.read_text()).keys() == json.loads(ours.read_text()).keys()
    assert {channel._get("runs")["number"] for _ in range(2)} == {1, 2}
