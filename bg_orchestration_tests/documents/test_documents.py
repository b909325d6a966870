"""The documents: up to date with the code, links that lead somewhere, examples that work."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import Engine

import bg_orchestration.domain.diagnosis as diagnosis
from bg_orchestration.webhooks import PATH
from bg_orchestration_tests.documents.reference import DOCS, reference, webhook_page
from bg_orchestration_tests.webhooks.conftest import KEYRING, running

ROOT = DOCS.parent
_LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
_FENCE = re.compile(r"^```.*?^```", re.S | re.M)


def documents() -> list[Path]:
    ours = [ROOT, DOCS, ROOT / "deploy", ROOT / "dbt"]
    found = [path for folder in ours for path in folder.glob("*.md")]
    return sorted([*found, *(ROOT / "bg_orchestration").rglob("*.md")])


def anchors(path: Path) -> set[str]:
    """The anchors of the headings, as GitHub makes them."""
    text = _FENCE.sub("", path.read_text("utf-8"))
    headings = re.findall(r"^#+ (.*)$", text, re.M)
    plain = (re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", each).strip().lower() for each in headings)
    return {re.sub(r"[^\w\- ]", "", each).replace(" ", "-") for each in plain}


@pytest.mark.parametrize("document", documents(), ids=lambda path: str(path.relative_to(ROOT)))
def test_each_link_leads_to_a_file_and_a_heading(document: Path) -> None:
    wrong = []
    for link in _LINK.findall(_FENCE.sub("", document.read_text("utf-8"))):
        if re.match(r"[a-z]+:", link):
            continue
        name, _, anchor = link.partition("#")
        target = (document.parent / name).resolve() if name else document
        if not target.exists() or (anchor and anchor not in anchors(target)):
            wrong.append(link)
    assert wrong == []


def test_the_documents_are_found_and_anchors_are_those_of_github() -> None:
    names = {str(path.relative_to(ROOT)) for path in documents()}
    assert {"README.md", "CONTRIBUTING.md", "docs/webhooks.md"} <= names
    assert "the-receiver-answers-401" in anchors(DOCS / "troubleshooting.md")


def test_the_readme_links_each_document() -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    reachable = readme + "".join(path.read_text("utf-8") for path in (ROOT / "CONTRIBUTING.md",))
    assert [path.name for path in DOCS.glob("*.md") if f"docs/{path.name}" not in reachable] == []


def test_generated_pages_are_up_to_date(monkeypatch: pytest.MonkeyPatch) -> None:
    # `_own_environment` of the tests sets it; the page shows the default of every user.
    monkeypatch.delenv("BG_HOME", raising=False)
    assert (DOCS / "reference.md").read_text("utf-8") == reference(), "run `make reference`"
    page = (DOCS / "webhooks.md").read_text("utf-8")
    assert page == webhook_page(page), "run `make reference`"


def test_troubleshooting_has_each_finding_of_doctor() -> None:
    text = (DOCS / "troubleshooting.md").read_text("utf-8")
    folder = Path(diagnosis.__file__).parent
    checks = {
        name
        for path in folder.glob("*.py")
        for name in re.findall(r'(?:problem|advice|say)\(\s*"(\w+)"', path.read_text("utf-8"))
    }
    assert len(checks) > 25
    assert sorted(name for name in checks if f"`{name}`" not in text) == []


@pytest.mark.parametrize(
    ("language", "command", "event_id"),
    [
        ("sh", ("bash", "-e"), "evt-curl-1"),
        ("python", (sys.executable,), "evt-python-1"),
        ("js", ("node",), "evt-node-1"),
    ],
)
@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_the_snippets_send_an_event_that_is_stored(
    engine: Engine, language: str, command: tuple[str, ...], event_id: str, tmp_path: Path
) -> None:
    needed = [command[0], *(["curl", "openssl"] if language == "sh" else [])]
    if missing := [each for each in needed if shutil.which(each) is None]:
        pytest.skip(f"needs {', '.join(missing)}")
    page = (DOCS / "webhooks.md").read_text("utf-8")
    snippet = re.findall(rf"^```{language}\n(.*?)^```", page, re.S | re.M)[0]
    script = tmp_path / "snippet"
    script.write_text(snippet)
    with running(engine, KEYRING) as receiver:
        variables = {
            "URL": f"http://127.0.0.1:{receiver.port}{PATH}", "SECRET": "crm-secret-of-tests"
        }  # fmt: skip
        done = subprocess.run(
            [*command, str(script)], env=os.environ | variables, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stdout + done.stderr
        assert receiver.stored() == [event_id]
