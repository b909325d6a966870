"""Each picture of docs/dagit.md exists, is small, and `make screenshots` takes it again."""

import re

from bg_orchestration_tests.screenshots.__main__ import IMAGES, PICTURES


def test_the_page_shows_the_pictures_that_the_script_takes() -> None:
    page = (IMAGES.parent / "dagit.md").read_text("utf-8")
    shown = re.findall(r"\]\(images/(\w+)\.png\)", page)
    assert sorted(shown) == sorted(PICTURES)
    for name in shown:
        assert (IMAGES / f"{name}.png").stat().st_size < 200_000, name
