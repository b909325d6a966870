"""The adapter of People Data Labs."""
