"""The answer to GET on the webhook's path: all that a sender needs, with examples that verify."""

import base64
import json
from typing import Any

from bg_orchestration.webhooks.bodies import MAX_BODY
from bg_orchestration.webhooks.signatures import TOLERANCE_MS, Key

_EXAMPLE = json.dumps(
    {
        "id": "evt-0001",
        "source": "crm",
        "type": "person.role_change",
        "timestamp": "2026-01-31T09:30:00Z",
        "person": {
            "id": "p-0001",
            "name": "Mara Beispiel",
            "email": "mara@example.com",
            "oldTitle": "Director of Sales",
            "newTitle": "VP Sales",
        },
        "company": {"id": "example.com", "name": "Example Inc"},
        "changes": {"title": {"old": "Director of Sales", "new": "VP Sales"}},
    }
)
_EXAMPLE_MS = 1_769_851_800_000
# Made up for this page, and never a live key: configured secrets are not shown.
_EXAMPLE_SECRETS = {
    "hex": "an-example-secret",
    "standard": "whsec_" + base64.b64encode(b"an example key of 32 bytes, yes!").decode(),
}
_SIGNED_TEXT = {
    "hex": "{x-timestamp}.{body}",
    "standard": "{webhook-id}.{webhook-timestamp}.{body}",
}
_RULES = {
    "hex": "x-timestamp: epoch milliseconds; x-signature: hex of HMAC-SHA256.",
    "standard": "Standard Webhooks 1.0.0: epoch seconds; v1, and base64 of HMAC-SHA256 under the "
    "decoded whsec_ key; several signatures are separated by spaces. Header names may begin with "
    "svix- in the place of webhook-.",
}
_FIELDS = {
    "id": "Text of 1 to 255 characters, not blank. Source and id identify the event.",
    "source": "Text of 1 to 255 characters, not blank: the source of the secret.",
    "type": "Text, not blank. person.role_change, person.company_change, person.promotion and "
    "person.department_change lead to a refresh; any other type is stored and ignored.",
    "timestamp": "When it happened: ISO 8601 text; without a zone it is UTC. A number is refused.",
    "person": "id and name; optional: email, oldTitle, newTitle, oldCompany, newCompany.",
    "company": "id (letters, digits, _ : - . up to 128) and name.",
    "changes": "Optional: an object that maps a field to its old and new value.",
}
_ANSWERS = {
    "202": "Stored.",
    "200": "Known: an event of the same source and id is stored.",
    "400": "The body is not one JSON document in UTF-8.",
    "401": "The signature could not be verified.",
    "413": f"The body has more than {MAX_BODY} bytes.",
    "415": "The body is not application/json, or it is compressed.",
    "422": "A field is missing or wrong; the answer names it. The body is kept for a while.",
    "429": "Too many requests from this address failed verification.",
    "503": "Not stored; send the same event again after Retry-After seconds.",
}


def describe() -> dict[str, Any]:
    """The description; the examples are fictional, and verify as printed at their own time."""
    return {
        "title": "Person changes",
        "method": "POST",
        "contentType": "application/json",
        "maxBytes": MAX_BODY,
        "toleranceSeconds": TOLERANCE_MS // 1000,
        "signatures": [
            {
                "scheme": scheme,
                "rule": _RULES[scheme],
                "signedText": _SIGNED_TEXT[scheme],
                "example": {
                    "secret": secret,
                    "headers": Key.read("crm", secret).headers(
                        _EXAMPLE.encode(), _EXAMPLE_MS, "msg_0001"
                    ),
                    "body": _EXAMPLE,
                },
            }
            for scheme, secret in _EXAMPLE_SECRETS.items()
        ],
        "fields": _FIELDS,
        "answers": _ANSWERS,
    }
