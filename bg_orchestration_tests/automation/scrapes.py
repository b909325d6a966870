"""What receiver and exporter really export, for the tests of docs, alerts and dashboard."""

from pathlib import Path

from prometheus_client import CollectorRegistry
from prometheus_client.core import Metric
from sqlalchemy import Engine

from bg_orchestration.observability.metrics import ReceiverMetrics
from bg_orchestration.ops.metrics_exporter import PipelineCollector


def scrape(engine: Engine, dagster_home: Path) -> dict[str, Metric]:
    """The pipeline's metrics, by family name."""
    registry = CollectorRegistry()
    registry.register(PipelineCollector(engine, dagster_home))
    return {metric.name: metric for metric in registry.collect()}


def everything(engine: Engine, dagster_home: Path) -> dict[str, Metric]:
    """Those of the receiver as well."""
    receiver = ReceiverMetrics(["crm"], ["12345678"]).registry
    return scrape(engine, dagster_home) | {metric.name: metric for metric in receiver.collect()}


def values(metric: Metric) -> dict[tuple[str, ...], float]:
    """The value of each series by its label values; a histogram's buckets are left out."""
    return {
        tuple(sample.labels.values()): sample.value
        for sample in metric.samples
        if not sample.name.endswith(("_bucket", "_sum"))
    }
