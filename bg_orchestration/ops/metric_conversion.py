"""Conversion of stored numbers into Prometheus metrics."""

from collections.abc import Mapping

from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
    Metric,
)

from bg_orchestration.observability.metric_families import Family, Histogram
from bg_orchestration.store import counters

# The values of a family by (label, value) pairs.
Values = Mapping[tuple[tuple[str, str], ...], float]


def stored_counts(family: Family, counts: counters.Counts) -> Metric:
    """Return a counter or histogram of `metric_families.COUNTED` from its stored counts."""
    names = list(family.labels)
    if isinstance(family, Histogram):
        histogram = HistogramMetricFamily(family.name, family.help, labels=names)
        for labels in counters.label_sets(counts, family):
            buckets, total = counters.histogram(counts, family, labels)
            histogram.add_metric([labels[name] for name in names], buckets, sum_value=total)
        return histogram
    return counter(
        family,
        {
            tuple(labels.items()): counters.total(counts, family, labels)
            for labels in counters.label_sets(counts, family)
        },
    )


def counter(family: Family, values: Values) -> Metric:
    """Return a counter with these values."""
    names = list(family.labels)
    metric = CounterMetricFamily(family.name, family.help, labels=names)
    for pairs, value in values.items():
        labels = dict(pairs)
        metric.add_metric([labels[name] for name in names], value)
    return metric


def gauge(family: Family, values: Values) -> Metric:
    """Return a gauge with these values."""
    metric = GaugeMetricFamily(family.name, family.help, labels=list(family.labels))
    for labels, value in values.items():
        add(metric, family, dict(labels), value)
    return metric


def by(family: Family, values: Mapping[str, float]) -> Metric:
    """Return a gauge with one label."""
    [label] = family.labels
    return gauge(family, {((label, name),): value for name, value in values.items()})


def optional_gauge(family: Family, value: float | None) -> Metric:
    """Return a gauge without labels; it has no sample without a value."""
    return gauge(family, {} if value is None else {(): value})


def add(metric: Metric, family: Family, labels: Mapping[str, str], value: float) -> None:
    """Add one series to a gauge."""
    assert labels.keys() == family.labels.keys()
    metric.add_sample(family.name, dict(labels), value)
