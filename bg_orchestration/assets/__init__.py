"""The six assets of a refresh, their checks and their metadata."""
