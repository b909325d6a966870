"""The adapter of Research on people in public sources."""
