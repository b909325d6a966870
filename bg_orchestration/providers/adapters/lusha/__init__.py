"""The adapter of Lusha."""
