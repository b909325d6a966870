"""The receiver: verify the raw bytes, parse, commit, and only then answer 202."""

from typing import Final

PATH: Final = "/api/webhooks/person-change"
