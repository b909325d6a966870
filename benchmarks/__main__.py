"""All figures of speed in one table, each beside its baseline of the same run: `make bench`.

Takes about ten minutes on two cores. Figures of a busy machine say little by themselves; ratios
stand longer, and the load at the beginning of each measurement is in the table.
"""

import argparse
import os
import statistics
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

from benchmarks import receiver
from benchmarks.refreshes import Figures, bg_up, describe, measure, plain_dagster
from bg_orchestration.store.database import engine_for, upgrade_schema
from bg_orchestration_tests.crash import postgres
from bg_orchestration_tests.production import servers

_BURST, _PLAIN_BURST = 120, 20
_EVENTS, _PLAIN_EVENTS = 30, 6
_IDLE_SECONDS = 30.0
_RECEIVER_SECONDS = 6.0

Row = tuple[str, str, str, str, str, str]


def refreshes(database: str) -> Figures:
    """Measure `bg up` on `sqlite`, `postgres`, PostgreSQL with `redis`, or `plain` Dagster."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        if database == "plain":
            way = stack.enter_context(plain_dagster(folder, _PLAIN_BURST))
            return measure(way, _PLAIN_BURST, _PLAIN_EVENTS, _IDLE_SECONDS)
        url = stack.enter_context(postgres.running()).url if database != "sqlite" else None
        broker = None
        if database == "redis":
            (folder / "redis").mkdir()
            port = stack.enter_context(servers.redis(folder / "redis")).port
            broker = f"redis://127.0.0.1:{port}/0"
        way = stack.enter_context(bg_up(folder, _BURST, url, broker))
        return measure(way, _BURST, _EVENTS, _IDLE_SECONDS)


def _rows(found: dict[str, Figures]) -> list[Row]:
    plain = found["plain"]
    rows = []
    for name, ours in found.items():
        if name == "plain":
            continue
        load = f"{plain.load:.1f}, {ours.load:.1f}"
        for figure, share in (("median", 0.5), ("95th percentile", 0.95)):
            mine, theirs = _share(ours.seconds, share), _share(plain.seconds, share)
            spread = f"{min(ours.seconds):.2f} to {max(ours.seconds):.2f}"
            rows.append(
                _row(f"{name}: event to published, {figure}, s", mine, theirs, spread, load)
            )
        rows += [
            _row(f"{name}: burst, refreshes a minute", ours.per_minute, plain.per_minute, "", load),
            _row(
                f"{name}: CPU-seconds a refresh",
                sum(ours.cpu.values()), sum(plain.cpu.values()), "", load,
            ),
            _row(
                f"{name}: idle, share of a core",
                sum(ours.idle_cpu.values()), sum(plain.idle_cpu.values()), "", load,
            ),
            _row(
                f"{name}: memory, MiB PSS",
                sum(ours.memory.values()), sum(plain.memory.values()), "", load,
            ),
        ]  # fmt: skip
        if ours.sessions is not None:
            title = f"{name}: sessions opened"
            rows.append((title, str(ours.sessions), "-", "-", "", load))
    return rows


def _share(values: Sequence[float], share: float) -> float:
    return statistics.median(values) if share == 0.5 else sorted(values)[int(share * len(values))]


def _row(figure: str, ours: float, baseline: float, spread: str, load: str) -> Row:
    ratio = f"{ours / baseline:.2f}" if baseline else "-"
    return figure, f"{ours:.3g}", f"{baseline:.3g}", ratio, spread, load


def _receiver_rows() -> list[Row]:
    load = f"{os.getloadavg()[0]:.1f}"
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'bench.sqlite3'}"
        upgrade_schema(engine_for(url))
        loads = {one.server: one for one in receiver.table(_RECEIVER_SECONDS, url)}
    ours = loads["receiver"]
    rows = [
        _row(
            f"receiver: durable 202 a CPU-second, against {name}",
            ours.per_cpu_second, loads[name].per_cpu_second,
            f"{ours.per_second:.0f} a second", load,
        )
        for name in ("no-database", "transaction-each", "healthz")
    ]  # fmt: skip
    late = loads["half-rate"].percentile(0.99)
    rows.append(
        ("receiver: 99th percentile at half that rate, ms", f"{late:.1f}", "-", "-", "", load)
    )
    return rows


def table(rows: Sequence[Row]) -> str:
    """The rows as a table in Markdown."""
    head = ("Figure", "Here", "Baseline", "Ratio", "Spread", "Load")
    lines = [head, tuple("---" for _ in head), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def main() -> None:
    """Measure, and print the table and what each process took."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", nargs="*", default=["plain", "sqlite", "postgres", "receiver"])
    only = parser.parse_args().only
    kinds = ("plain", "sqlite", "postgres", "redis")
    found = {name: refreshes(name) for name in kinds if name in only}
    rows = _rows(found) if "plain" in found else []
    if "receiver" in only:
        rows += _receiver_rows()
    print(table(rows))
    for name, figures in found.items():
        print()
        print(describe("plain Dagster" if name == "plain" else f"bg up, {name}", figures))


if __name__ == "__main__":
    main()
