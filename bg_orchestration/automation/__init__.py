"""Dagster's sensors, schedules and jobs, and the reconciliation of runs."""
