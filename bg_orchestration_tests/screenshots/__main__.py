"""Take the pictures of docs/dagit.md: start the system, play the scene, photograph Dagit.

python -m bg_orchestration_tests.screenshots [--only NAME...] [--into FOLDER]
"""

import argparse
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from playwright.sync_api import Page, sync_playwright

from bg_orchestration import names
from bg_orchestration_tests.end_to_end.system import environment, running
from bg_orchestration_tests.screenshots.scene import COMPANY, act

CHROMIUM: Final = Path("/usr/bin/chromium")
IMAGES: Final = Path(__file__).parents[2] / "docs" / "images"
_SIZE: Final = {"width": 1280, "height": 800}
_SETTLE_MS: Final = 2_500

# Name of the picture and path in Dagit; {event} and {failed} are runs of the scene.
PICTURES: Final = {
    "lineage": "/asset-groups",
    "group": "/assets/buyer_group?view=overview",
    "columns": "/assets/contacts?view=overview",
    "partition": f"/assets/published_buyer_group?view=partitions&partition={COMPANY}",
    "check": "/assets/buyer_group/group_is_sound?view=checks",
    "checks": "/assets/buyer_group?view=checks",
    "coverage": "/assets/coverage?view=events",
    "coverage_overview": "/assets/coverage?view=overview",
    "inbox": "/assets/inbox?view=events",
    "ticks": f"/locations/{names.LOCATION}/sensors/{names.SENSOR}",
    "runs": "/runs",
    "run": "/runs/{event}",
    "failed_run": "/runs/{failed}",
    "automation": "/automation",
    "launchpad": f"/locations/{names.LOCATION}/jobs/{names.JOB}/playground",
    "jobs": "/jobs",
    "plots": "/assets/coverage?view=plots",
    "resources": f"/locations/{names.LOCATION}/resources",
}


@contextmanager
def browser_page() -> Iterator[Page]:
    """A page of a headless Chromium."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=str(CHROMIUM) if CHROMIUM.is_file() else None, args=["--no-sandbox"]
        )
        try:
            yield browser.new_page(viewport=_SIZE)
        finally:
            browser.close()


def photograph(
    page: Page, dagit: str, runs: dict[str, str], into: Path, only: Sequence[str]
) -> None:
    """Take the pictures named in `only`, all by default."""
    into.mkdir(parents=True, exist_ok=True)
    for name, path in PICTURES.items():
        if only and name not in only:
            continue
        page.goto(dagit + path.format(**runs), wait_until="load")
        page.wait_for_timeout(_SETTLE_MS)
        page.screenshot(path=into / f"{name}.png")


def main() -> None:
    """Start, play, photograph."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", nargs="*", default=[])
    parser.add_argument("--into", type=Path, default=IMAGES)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        with (
            running(environment(home / "bg", BG_REFRESHES_PER_MINUTE="1000")) as up,
            browser_page() as page,
        ):
            photograph(page, up.dagit, act(up, home), options.into, options.only)


if __name__ == "__main__":
    main()
