"""Where an export goes: a folder, a bucket or a DuckDB file. A reader never sees half of one.

A folder or bucket holds `versions/VERSION/TABLE.parquet`, and `current.json` names the current
version. The former version stays for readers that are at work, unless it holds people who were
erased since. Anything else is removed.
"""

import fcntl
import json
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final, Protocol, Self

from bg_orchestration.domain.warehouse_tables import VERSION

_CURRENT: Final = "current.json"
_VERSIONS: Final = "versions"
_VERSION_LENGTH: Final = 16


class ExportError(Exception):
    """The export was not written; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """The content of an export.

    Attributes:
        version: a hash of the content; the name of its folder.
        tables: for each table the file, its rows, size and hash.
        state: the state of the source tables, see `rows.source_state`.
        former: the version before, if readers may still use it.
        schema_version: the version of the tables' columns.
    """

    version: str
    tables: Mapping[str, Mapping[str, Any]]
    state: Mapping[str, str]
    former: str | None = None
    schema_version: int = VERSION

    @classmethod
    def parse(cls, content: str | bytes, address: str) -> Self:
        """Read the JSON of `content`; fields of a later version are ignored.

        Raises:
            ExportError: it is no manifest, so `address` has something else.
        """
        try:
            fields = json.loads(content)
            names = [name for name in cls.__dataclass_fields__ if name in fields]
            return cls(**{name: fields[name] for name in names})
        except (ValueError, TypeError):
            raise ExportError(
                f"{address} has a {_CURRENT} that is no export of ours. Name another place, or "
                "delete that file."
            ) from None

    def content(self) -> bytes:
        """Return the JSON for `current.json`."""
        return (json.dumps(asdict(self), indent=1, sort_keys=True) + "\n").encode()


class ExportTarget(Protocol):
    """A place that holds one export."""

    address: str
    staging: Path

    def current(self) -> Manifest | None:
        """Return the manifest of the export that readers see now."""

    def publish(self, manifest: Manifest) -> None:
        """Make the staged files the current export, then remove all other versions."""

    def discard_rest(self) -> None:
        """Remove what a first export left that was killed before it was whole."""


def is_version(name: str) -> bool:
    """Whether a folder has the name of a version: nothing else is ever deleted."""
    return len(name) == _VERSION_LENGTH and set(name) <= set("0123456789abcdef")


def target_of(address: str, home: Path) -> ExportTarget:
    """Return the target of a folder, `s3://bucket/prefix` or `FILE.duckdb`.

    Args:
        address: what the user names.
        home: a folder for the staging of what goes to a bucket.
    """
    if address.startswith("s3://"):
        # Imported here: the client is slow to import.
        from bg_orchestration.destinations.warehouse.bucket import BucketTarget

        return BucketTarget(address, bucket_staging(home))
    path = Path(address).expanduser().absolute()
    return DuckDbFile(path) if path.suffix == ".duckdb" else FolderTarget(path)


def bucket_staging(home: Path) -> Path:
    """Return the folder for the staging of what goes to a bucket."""
    return home / "export.staging"


@contextmanager
def staging_folder(target: ExportTarget) -> Iterator[Path]:
    """Yield the empty staging folder, alone; what a killed export left there is removed.

    Raises:
        ExportError: another export of this machine writes to the target now.
    """
    with _alone(target.staging, target.address):
        target.staging.mkdir()
        yield target.staging


def discard_staging(folder: Path, address: str) -> bool:
    """Remove a staging folder that a killed export left; return whether there was an export.

    Raises:
        ExportError: an export of this machine uses it now.
    """
    if not _lock_of(folder).exists():
        return False
    with _alone(folder, address):
        return True


def _lock_of(folder: Path) -> Path:
    return folder.with_name(f"{folder.name}.lock")


@contextmanager
def _alone(folder: Path, address: str) -> Iterator[None]:
    """Hold the lock of a staging folder; remove the folder before and after."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    with _lock_of(folder).open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise ExportError(
                f"Another export writes to {address} now. Wait until it ends."
            ) from None
        shutil.rmtree(folder, ignore_errors=True)
        try:
            yield
        finally:
            shutil.rmtree(folder, ignore_errors=True)


class FolderTarget:
    """A folder; `current` is a link to the current version, for readers with fixed paths."""

    def __init__(self, folder: Path) -> None:
        self.address = str(folder)
        self.staging = folder / ".staging"
        self._folder = folder

    def current(self) -> Manifest | None:
        """See `ExportTarget`."""
        try:
            return Manifest.parse((self._folder / _CURRENT).read_bytes(), self.address)
        except FileNotFoundError:
            return None

    def publish(self, manifest: Manifest) -> None:
        """Rename the staged folder, then replace manifest and link."""
        version = self._folder / _VERSIONS / manifest.version
        version.parent.mkdir(exist_ok=True)
        # The name is a hash of the content, and a rename is whole: what exists is the same.
        if not version.exists():
            self.staging.rename(version)
        _replace(self._folder / _CURRENT, manifest.content())
        link = self._folder / "current.new"
        link.unlink(missing_ok=True)
        link.symlink_to(Path(_VERSIONS) / manifest.version)
        link.replace(self._folder / "current")
        self._delete_others(manifest.version, manifest.former)

    def discard_rest(self) -> None:
        """Remove the versions, which no manifest names."""
        self._delete_others()

    def _delete_others(self, *kept: str | None) -> None:
        for version in (self._folder / _VERSIONS).glob("*"):
            if is_version(version.name) and version.name not in kept:
                shutil.rmtree(version)


class DuckDbFile:
    """A DuckDB database, which holds its manifest in the table `export_facts`."""

    def __init__(self, path: Path) -> None:
        self.address = str(path)
        self.staging = path.with_name(f"{path.name}.staging")
        self._path = path

    def current(self) -> Manifest | None:
        """See `ExportTarget`."""
        import duckdb

        if not self._path.exists():
            return None
        try:
            with duckdb.connect(str(self._path), read_only=True) as database:
                row = database.execute(
                    "SELECT value FROM export_facts WHERE name = 'manifest'"
                ).fetchone()
        except duckdb.Error as error:
            raise ExportError(
                f"{self.address} is in use or is no export of ours: {error}. Name another file."
            ) from None
        return Manifest.parse(row[0], self.address) if row else None

    def publish(self, manifest: Manifest) -> None:
        """Build a database beside the old one and rename it.

        DuckDB writes a random id into each new file, so that the same content keeps the old file.
        """
        from bg_orchestration.destinations.warehouse.parquet import write_duckdb

        if self.current() == manifest:
            return
        beside = self.staging / "new.duckdb"
        facts = {
            "manifest": manifest.content().decode(),
            "schema_version": str(manifest.schema_version),
            "version": manifest.version,
        }
        write_duckdb(beside, self.staging, manifest.tables, facts)
        beside.replace(self._path)

    def discard_rest(self) -> None:
        """Do nothing: the file appears whole."""


def _replace(path: Path, content: bytes) -> None:
    beside = path.with_name(f"{path.name}.new")
    with beside.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)
