"""Operation of the system: supervisor, daemon, worker, Dagster's storage, exporter, inspection."""
