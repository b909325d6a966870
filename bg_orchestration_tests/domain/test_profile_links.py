"""Links of profiles that were encoded as parts of others."""

import pytest

from bg_orchestration.domain.profile_links import decoded_link, find_profile


@pytest.mark.parametrize("slash", ["/", "%2f", "%252F", "%25252f"])
def test_an_encoded_link_is_read_as_it_was(slash: str) -> None:
    assert find_profile(slash.join(["https:", "", "linkedin.com", "in", "ann-lee"]))[0] == "ann-lee"


def test_a_link_is_decoded_a_few_times_only() -> None:
    assert decoded_link("%" + "25" * 9 + "2f") == "%" + "25" * 6 + "2f"
