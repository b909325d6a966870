"""Where companies and people come from."""
