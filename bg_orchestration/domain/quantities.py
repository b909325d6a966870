"""Numbers with their nouns: `1 event`, `2,500 events`."""


def quantity(count: int, singular: str, plural: str | None = None) -> str:
    """Return a count with its noun; the plural adds an s unless it is given."""
    return f"{count:,} {singular if count == 1 else plural or f'{singular}s'}"
