"""The adapter of ZeroBounce."""
