"""The judgement: scoring, roles, sizes, gaps and confidence, as pure functions."""
