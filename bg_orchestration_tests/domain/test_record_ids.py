"""Ids of other tools in one form."""

import pytest

from bg_orchestration.domain.record_ids import canonical_id


@pytest.mark.parametrize(
    ("system", "given", "canonical"),
    [
        ("salesforce:account", "0015g00000XyZaB", "0015g00000XyZaBAAV"),
        ("salesforce:account", "0015g00000XyZaBAAV", "0015g00000XyZaBAAV"),
        ("salesforce:contact", "003000000000000", "003000000000000AAA"),
        ("salesforce:contact", "003ABCDEABCDEAB", "003ABCDEABCDEABY55"),
        ("salesforce:contact", "003-00000000000", "003-00000000000"),
        ("hubspot:contact", "123456789012345", "123456789012345"),
    ],
)
def test_salesforce_ids_get_the_form_of_the_api(system: str, given: str, canonical: str) -> None:
    assert canonical_id(system, given) == canonical
