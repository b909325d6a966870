"""The page: whole, safe to open, and true to the group."""

import re
from base64 import b64encode
from hashlib import sha256
from html.parser import HTMLParser
from xml.etree import ElementTree as ET

import pytest

from bg_orchestration.domain.model import ROLES
from bg_orchestration.report.page import page
from bg_orchestration.report.words import ROLE_WORDS
from bg_orchestration_tests.report.judging import judged

TITLES = {
    "Ada Example": "CISO", "Bao Example": "Deputy CISO", "Cleo Example": "VP Information Security",
    "Dana Example": "Director of Security Operations", "Elif Example": "Head of Cloud Security",
    "Farid Example": "Security Operations Manager", "Greta Example": "Senior Security Engineer",
    "Hugo Example": "CIO", "Ines Example": "Head of IT Infrastructure", "Jonas Example": "CTO",
    "Kira Example": "VP Engineering", "Lars Example": "Chief Data Officer",
    "Mona Example": "General Counsel", "Nils Example": "Data Protection Officer",
    "Olga Example": "Chief Procurement Officer", "Pavel Example": "CFO",
    "Rosa Example": "Chief Executive Officer", "Sven Example": "Chief of Staff",
    "Tariq Example": "COO", "Uma Example": "Executive Assistant to the CEO",
}  # fmt: skip
HOSTILE = '<script>alert("x")</script><img src=//x onerror=y>'


class _Tags(HTMLParser):
    """Every tag and attribute, and the tags left open."""

    _VOID = frozenset({"meta", "br", "img", "link", "hr", "input"})

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.open: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs
        if tag not in self._VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_everybody_in_the_group_has_a_card_below_their_role() -> None:
    one = judged(TITLES, 9_000)
    assert {member.role for member in one.group.members} == set(ROLES)
    text = page(one)
    for role in ROLES:
        section = text.split(f"{ROLE_WORDS[role].heading} <small>")[1].split("</section>")[0]
        cards = re.findall(r"<h4>(.*?)</h4>", section)
        assert cards == [
            one.labels[each.person_id] for each in one.group.members if each.role == role
        ]


def test_what_is_missing_is_told_with_who_comes_closest() -> None:
    one = judged({"Ada Example": "Security Analyst", "Bao Example": "IT Manager"}, 800)
    missing = page(one).split('<section id="missing">')[1]
    for gap in one.group.gaps:
        assert gap.look_for[1:] in missing
        for person_id in gap.nearest:
            assert one.labels[person_id] in missing
    assert "no known person decides" in page(one)


def test_the_page_needs_nothing_else_and_runs_nothing() -> None:
    text = page(judged(TITLES, 9_000))
    found = _Tags(text)
    assert not found.open
    assert not {"script", "link", "img", "iframe", "object", "form"} & set(found.tags)
    assert {name for name, _ in found.attributes} & {"src", "style", "onload", "onclick"} == set()
    assert all(value == "#missing" for name, value in found.attributes if name == "href")
    assert "url(" not in text
    assert "@import" not in text
    (style,) = re.findall(r"<style>(.*?)</style>", text, re.S)
    allowed = b64encode(sha256(style.encode()).digest()).decode()
    assert f"default-src 'none'; style-src 'sha256-{allowed}'" in text


@pytest.mark.parametrize("titles", [{HOSTILE: "CISO"}, {"Ada Example": f"CISO {HOSTILE}"}])
def test_text_from_the_file_is_only_text(titles: dict[str, str]) -> None:
    text = page(judged(titles, 500, name=HOSTILE))
    assert "<script" not in text
    assert "<img" not in text
    assert "&lt;script&gt;" in text
    assert "img" not in _Tags(text).tags


@pytest.mark.parametrize("titles", [TITLES, {HOSTILE: "CISO"}, {}])
def test_the_picture_is_well_formed_and_can_be_read_aloud(titles: dict[str, str]) -> None:
    one = judged(titles, 9_000)
    pictures = re.findall(r'<svg class="whole".*?</svg>', page(one), re.S)
    assert len(pictures) == bool(one.group.members)
    for picture in pictures:
        root = ET.fromstring(picture)
        assert root.attrib["role"] == "img"
        told = " ".join(root.findtext("desc", "").split())
        for member in one.group.members:
            assert " ".join(one.labels[member.person_id].split()) in told


def test_the_same_people_give_the_same_page_in_any_order() -> None:
    turned = dict(reversed(TITLES.items()))
    assert page(judged(TITLES, 9_000)) == page(judged(turned, 9_000))
