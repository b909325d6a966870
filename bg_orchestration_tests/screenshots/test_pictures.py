"""Each picture of the pages exists, is small, and `make screenshots` takes it again."""

import re

from bg_orchestration_tests.screenshots.__main__ import IMAGES, PICTURES

_PAGES = ("dagit.md", "destinations.md", "tutorial.md")


def test_the_pages_show_the_pictures_that_the_script_takes() -> None:
    pages = ((IMAGES.parent / name).read_text("utf-8") for name in _PAGES)
    shown = re.findall(r"\]\(images/([\w-]+)\.png\)", "".join(pages))
    assert sorted(shown) == sorted(PICTURES)
    for name in shown:
        assert (IMAGES / f"{name}.png").stat().st_size < 200_000, name
