"""The receiver: verify the raw bytes, parse, commit, and only then answer 202."""

from typing import Final

PATH: Final = "/api/webhooks/person-change"
CORESIGNAL_PATH: Final = "/api/webhooks/coresignal"
PDL_PATH: Final = "/api/webhooks/pdl"
LUSHA_PATH: Final = "/api/webhooks/lusha"
