"""The adapter of Apollo."""
