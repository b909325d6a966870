"""The life of a refresh: planning, life cycle, publishing, decisions, explanations."""
