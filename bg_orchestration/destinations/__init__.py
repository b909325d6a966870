"""The destinations of published groups, one folder each."""
