"""Dagster's sensors, schedules and jobs, reconciliation and retention."""
