"""`bg report`: the pages of published groups are true, safe, accessible and whole."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner
from sqlalchemy import Engine, insert

from bg_orchestration.cli import bg
from bg_orchestration.domain.company_ids import report_file_of
from bg_orchestration.domain.model import Company, Decision
from bg_orchestration.refreshes.decisions import decide
from bg_orchestration.settings import Settings, settings
from bg_orchestration.store.database import clock, writing
from bg_orchestration.store.schema.erasure_tables import erasure_people, erasure_requests
from bg_orchestration.store.schema.tables import buyer_group_members, buyer_groups
from bg_orchestration_tests.report.publishing_groups import publish_company

if TYPE_CHECKING:
    from playwright.sync_api import Page

STAFF = {
    "Ada Example": "Chief Revenue Officer", "Bao Example": "VP Sales",
    "Cleo Example": "Director of Sales Operations", "Dana Example": "Sales Operations Manager",
    "Elif Example": "Head of Procurement", "Farid Example": "CFO",
    "Greta Example": "Executive Assistant to the CRO", "Hugo Example": "Sales Manager",
}  # fmt: skip
HOSTILE = '</script><script>alert("x")</script><img src=//x onerror=y>'
CHROMIUM = Path("/usr/bin/chromium")


def report(*arguments: str, code: int = 0) -> str:
    result = CliRunner().invoke(bg, ["report", *arguments])
    assert result.exit_code == code, result.output
    return result.output


@pytest.fixture
def acme(engine: Engine) -> dict[str, str]:
    """A company whose decision maker left; the ids of its first people by name."""
    company = Company(
        company_id="acme", name="Acme Example", domain="acme.example", employee_count=900
    )
    publish_company(engine, company, STAFF, "Kim Seller")
    rest = {name: title for name, title in STAFF.items() if name != "Dana Example"}
    ids = publish_company(engine, company, rest, "Kim Seller")
    with writing(engine) as connection:
        choice = Decision(person_id=ids["Bao Example"], kind="dismissed")
        decide(connection, "acme", "default", choice, "Kim", "has retired")
    return ids


def test_a_page_has_what_show_has(
    engine: Engine, acme: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BG_DAGIT_URL", "https://dagit.example.com/")
    settings.cache_clear()
    report("acme", "--out", str(tmp_path))
    page = (tmp_path / "companies/acme.html").read_text()
    shown = CliRunner().invoke(bg, ["show", "acme", "--json"]).stdout
    for name in re.findall(r'"name": "(.*?)"', shown):
        assert name in page
    for address in re.findall(r'"value": "(.*?@.*?)"', shown):
        assert f'href="mailto:{address}"' in page
    assert 'href="tel:+49305550100"' in page
    assert "has retired" in page
    assert "https://dagit.example.com/runs/run-acme" in page
    assert "900 employees" in page
    index = (tmp_path / "index.html").read_text()
    assert "companies/acme.html#group-default" in index
    assert "Kim Seller" in index


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_text_of_records_is_only_text(engine: Engine, tmp_path: Path) -> None:
    company = Company(company_id="bad", name=HOSTILE, employee_count=500, industry=HOSTILE)
    publish_company(engine, company, {f"Ada {HOSTILE}": f"VP Sales {HOSTILE}", "B": "CFO"}, HOSTILE)
    report("--all", "--out", str(tmp_path))
    for path in (tmp_path / "companies/bad.html", tmp_path / "index.html"):
        text = path.read_text()
        assert HOSTILE not in text
        assert "<img" not in text
        assert text.count("<script") == (path.name == "index.html")
        assert not re.search(r'(?:src|href)="(?:https?:)?//', text)


def test_a_person_under_erasure_is_on_no_new_page(
    engine: Engine, acme: dict[str, str], tmp_path: Path
) -> None:
    report("--all", "--out", str(tmp_path))
    erased = {acme["Ada Example"]: "Ada Example", acme["Bao Example"]: "Bao Example",
              acme["Greta Example"]: "Greta Example"}  # fmt: skip
    before = (tmp_path / "companies/acme.html").read_text()
    with writing(engine) as connection:
        (request,) = connection.execute(
            insert(erasure_requests)
            .values(requested_at=clock(connection))
            .returning(erasure_requests.c.id)
        ).one()
        for person_id in erased:
            connection.execute(insert(erasure_people).values(person_id=person_id, request=request))
    report("--all", "--out", str(tmp_path))
    after = (tmp_path / "companies/acme.html").read_text()
    for person_id, name in erased.items():
        assert name in before or name == "Greta Example"
        assert name not in after
        assert f"{person_id}@" not in after


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_all_removes_pages_of_companies_without_a_group_and_no_other_file(
    engine: Engine, acme: dict[str, str], tmp_path: Path
) -> None:
    publish_company(engine, Company(company_id="bare", name="Bare"), {"Ina": "VP Sales"})
    report("--all", "--out", str(tmp_path))
    own = tmp_path / "companies" / "own.html"
    own.write_text("not ours")
    with writing(engine) as connection:
        for table in (buyer_group_members, buyer_groups):
            connection.execute(table.delete().where(table.c.company_id == "bare"))
    report("--all", "--out", str(tmp_path))
    assert sorted(path.name for path in own.parent.iterdir()) == ["acme.html", "own.html"]
    assert "bare" not in (tmp_path / "index.html").read_text()


@pytest.mark.parametrize("company_id", ["a:b", "A-b", "a-b", "con", "CON", "Con.x", "index", "a.b"])
def test_each_id_has_a_file_of_its_own_everywhere(company_id: str) -> None:
    ids = ["a:b", "A-b", "a-b", "A:b", "con", "CON", "con.x", "Con.x", "index", "a.b"]
    assert len({report_file_of(each) for each in ids}) == len(ids)
    assert re.fullmatch(r"companies/[a-z0-9._~-]+\.html", report_file_of(company_id))
    config = Settings(report_url="https://reports.example.com/{report_file}")
    assert config.report_url


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_wrong_use_says_what_to_do(engine: Engine, tmp_path: Path) -> None:
    assert "--all" in report("--out", str(tmp_path), code=2)
    assert "--all" in report("acme", "--all", "--out", str(tmp_path), code=2)
    assert "bg companies" in report("acme", "--out", str(tmp_path), code=1)
    report("--all", "--out", str(tmp_path / "empty"))
    assert "No group is published yet" in (tmp_path / "empty/index.html").read_text()
    (tmp_path / "closed").mkdir()
    (tmp_path / "closed/companies").write_text("a file")
    publish_company(engine, Company(company_id="bare", name="Bare"), {"Ina": "VP Sales"})
    assert "Name another folder" in report("--all", "--out", str(tmp_path / "closed"), code=1)


@pytest.fixture(scope="module")
def browser_page() -> Iterator["Page"]:
    """A page of a headless Chromium."""
    if not CHROMIUM.is_file():
        pytest.skip(f"needs Chromium at {CHROMIUM}: apt-get install chromium")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=["--no-sandbox"])
        try:
            yield browser.new_page()
        finally:
            browser.close()


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_axe_finds_nothing_and_the_filters_work(
    engine: Engine, acme: dict[str, str], tmp_path: Path, browser_page: "Page"
) -> None:
    from axe_playwright_python.sync_playwright import Axe

    bare = Company(company_id="bare", name="Bäre AG", employee_count=900)
    publish_company(engine, bare, {"Ina Example": "Receptionist"})
    report("--all", "--out", str(tmp_path))
    faults: list[str] = []
    browser_page.on("console", lambda message: faults.append(message.text))
    browser_page.on("request", lambda request: faults.append(request.url)
                    if not request.url.startswith("file:") else None)  # fmt: skip
    for width in (1280, 390):
        browser_page.set_viewport_size({"width": width, "height": 800})
        for name in ("index.html", "companies/acme.html", "companies/bare.html"):
            browser_page.goto((tmp_path / name).as_uri())
            found = Axe().run(browser_page).response["violations"]
            assert found == [], [(each["id"], each["nodes"][0]["html"]) for each in found]
            assert browser_page.evaluate("document.documentElement.scrollWidth") <= width
    browser_page.goto((tmp_path / "index.html").as_uri())
    for choice, value, expected in (
        ("#words", "bare", ["Bäre AG"]),
        ("#words", "acme kim", ["Acme Example"]),
        ("#words", "", ["Acme Example", "Bäre AG"]),
        ("#state", "undecided", ["Bäre AG"]),
        ("#state", "changed", ["Acme Example"]),
        ("#state", "", ["Acme Example", "Bäre AG"]),
        ("#order", "gaps", ["Bäre AG", "Acme Example"]),
    ):
        if choice == "#words":
            browser_page.fill(choice, value)
        else:
            browser_page.select_option(choice, value)
        links = browser_page.locator(".list tbody tr:visible a")
        assert links.all_text_contents() == expected, (choice, value)
    assert browser_page.locator("#count").text_content() == "2 of 2 groups"
    assert faults == []
