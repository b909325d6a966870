"""The adapter of Coresignal."""
