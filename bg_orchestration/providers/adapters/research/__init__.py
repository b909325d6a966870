"""The adapter of research on people in public sources."""
