"""Take the pictures of the documents: start the system, play the scene, photograph Dagit and pages.

python -m bg_orchestration_tests.screenshots [--only NAME...] [--into FOLDER]
"""

import argparse
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import urljoin

import dagster
from playwright.sync_api import Page, sync_playwright

from bg_orchestration import names
from bg_orchestration_tests.end_to_end.system import environment, running
from bg_orchestration_tests.screenshots.scene import COMPANY, COMPANY_NAME, act

CHROMIUM: Final = Path("/usr/bin/chromium")
IMAGES: Final = Path(__file__).parents[2] / "docs" / "images"
_SETTLE_MS: Final = 1_500
_PATIENCE_MS: Final = 120_000

_GROUPS: Final = [
    f"global@global:{group}"
    for group in (names.SOURCES_GROUP, names.ASSET_GROUP, names.COVERAGE_GROUP)
]
_CONFIG: Final = """ops:
  refresh:
    config:
      enrichment: identify
      profiles: [default]
"""


def _filter_log(page: Page) -> None:
    page.get_by_placeholder("Filter").last.fill(COMPANY)


def _open_tick(page: Page) -> None:
    # The first row may be the tick in progress.
    page.locator("button", has_text="0 runs requested").nth(1).click()


def _type_config(page: Page) -> None:
    page.locator(".CodeMirror").first.click()
    page.keyboard.press("Control+A")
    page.keyboard.insert_text(_CONFIG)
    page.keyboard.press("Escape")


@dataclass(frozen=True)
class Picture:
    """A page of Dagit or of the report, and what a reader does there first.

    Attributes:
        path: its path in Dagit, or an address with {report}, the folder of the report; {event},
            {failed} and {coverage} are runs of the scene.
        shows: a text of the page, after which it is complete.
        prepare: clicks and types.
        width, height: of the window, in pixels.
    """

    path: str
    shows: str
    prepare: Callable[[Page], None] | None = None
    width: int = 1280
    height: int = 800


PICTURES: Final = {
    "lineage": Picture(
        f"/asset-groups?expanded={','.join(_GROUPS)}",
        names.SCORED_PEOPLE,
        width=1900,
        height=480,
    ),
    "group": Picture("/assets/buyer_group?view=overview", "Latest check results"),
    "partition": Picture(
        f"/assets/published_buyer_group?view=partitions&partition={COMPANY}",
        "what_changed",
        height=1000,
    ),
    "check": Picture("/assets/buyer_group?view=checks", "Latest execution"),
    "failed_run": Picture("/runs/{failed}", "RUN_FAILURE"),
    "run": Picture("/runs/{event}", "RUN_SUCCESS", _filter_log),
    "coverage": Picture("/assets/coverage?view=events", "needs_a_look", height=1100),
    "inbox": Picture("/assets/inbox?view=events", "newest_event", height=640),
    "sensor": Picture(
        f"/locations/{names.LOCATION}/sensors/{names.SENSOR}", "0 runs requested", _open_tick
    ),
    "launchpad": Picture(
        f"/locations/{names.LOCATION}/jobs/{names.JOB}/playground",
        "No missing config",
        _type_config,
    ),
    "warehouse": Picture(
        f"/locations/{names.LOCATION}/asset-groups/{names.WAREHOUSE}/lineage",
        "external_ids",
        height=1200,
    ),
    "warehouse_members": Picture(
        f"/assets/{names.WAREHOUSE}/members?view=overview", "Row count", height=1000
    ),
    "report-index": Picture("{report}/index.html", COMPANY_NAME, width=1160, height=520),
    "report-page": Picture(
        f"{{report}}/companies/{COMPANY}.html", COMPANY_NAME, width=1160, height=1000
    ),
}


# A stack trace names the folder of the machine.
_SHORTEN_PATHS: Final = """folder => {
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode())
    node.nodeValue = node.nodeValue.replaceAll(folder, ".venv");
}"""


@contextmanager
def browser_page() -> Iterator[Page]:
    """A page of a headless Chromium."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=str(CHROMIUM) if CHROMIUM.is_file() else None, args=["--no-sandbox"]
        )
        try:
            yield browser.new_page()
        finally:
            browser.close()


def photograph(
    page: Page, dagit: str, places: dict[str, str], into: Path, only: Sequence[str]
) -> None:
    """Take the pictures named in `only`, all by default."""
    into.mkdir(parents=True, exist_ok=True)
    for name, picture in PICTURES.items():
        if only and name not in only:
            continue
        page.set_viewport_size({"width": picture.width, "height": picture.height})
        page.goto(urljoin(dagit, picture.path.format(**places)), wait_until="load")
        page.get_by_text(picture.shows).first.wait_for(state="attached", timeout=_PATIENCE_MS)
        page.wait_for_timeout(_SETTLE_MS)
        if picture.prepare is not None:
            picture.prepare(page)
            page.wait_for_timeout(_SETTLE_MS)
        page.evaluate(_SHORTEN_PATHS, str(Path(dagster.__file__).parents[4]))
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
            places = act(up, home)
            up.bg("report", "--all", "--out", str(home / "report"))
            places["report"] = (home / "report").as_uri()
            photograph(page, up.dagit, places, options.into, options.only)


if __name__ == "__main__":
    main()
