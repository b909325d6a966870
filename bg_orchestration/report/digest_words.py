"""The digest as JSON, text and HTML; the same digest gives the same bytes."""

from collections.abc import Iterator
from typing import Any, Literal

from jinja2 import Environment, PackageLoader, StrictUndefined

from bg_orchestration.domain.change_words import in_words, role_words
from bg_orchestration.domain.digest import HEADINGS, Digest, DigestLine, DigestSection

People = Literal["names", "ids"]


def digest_as_dict(digest: Digest, people: People = "names") -> dict[str, Any]:
    """Return the digest for programs; `people` says whether names and titles appear."""
    return {
        "first": digest.first.isoformat(),
        "last": digest.last.isoformat(),
        "sections": [_section(section, people) for section in digest.sections],
    }


def _section(section: DigestSection, people: People) -> dict[str, Any]:
    return {
        "profile_id": section.profile_id,
        "owner": section.owner,
        "changes": [
            {
                "heading": heading,
                "day": line.day.isoformat(),
                "company": {"id": line.company_id, "name": line.company},
                "person": {
                    "id": line.change.person_id,
                    "name": line.name if people == "names" else None,
                },
                "kind": line.change.kind,
                "cause": line.change.cause,
                "other_company_id": line.change.other_company_id,
                "text": _sentence(line, people),
            }
            for heading in HEADINGS
            for line in section.lines.get(heading, ())
        ],
        "gaps_opened": section.gaps_opened,
        "gaps_closed": section.gaps_closed,
        "first_groups": sorted(section.first_groups),
    }


def _sentence(line: DigestLine, people: People) -> str:
    personal = people == "names"
    label = line.name if personal else line.change.person_id
    return in_words(line.change, label, line.day, personal=personal, other_end=line.other_end)


def section_title(section: DigestSection) -> str:
    """Return the heading of a section: seller profile and owner."""
    owner = section.owner or "accounts without an owner"
    return f"{section.profile_id}: {owner}"


def section_parts(section: DigestSection, people: People) -> Iterator[tuple[str, list[str]]]:
    """Yield the headings of a section, each with its count, and their sentences."""
    for heading in HEADINGS:
        if lines := section.lines.get(heading):
            sentences = [f"{line.company}: {_sentence(line, people)}" for line in lines]
            yield f"{heading.capitalize()} ({len(sentences)})", sentences
    for title, needs in (
        ("Gaps opened", section.gaps_opened),
        ("Gaps closed", section.gaps_closed),
    ):
        if needs:
            yield (
                f"{title} ({len(needs)})",
                [
                    f"{company_id}: {', '.join(map(role_words, found))}"
                    for company_id, found in sorted(needs.items())
                ],
            )
    if section.first_groups:
        names = ", ".join(sorted(section.first_groups.values()))
        yield f"First published groups ({len(section.first_groups)})", [names]


def digest_as_text(digest: Digest, people: People = "names", most: int | None = None) -> str:
    """Return the digest as plain text, with at most `most` sentences."""
    lines = [f"Buyer groups, {digest.first} to {digest.last}"]
    if not digest.sections:
        lines += ["", "Nothing changed."]
    left, hidden = most, 0
    for section in digest.sections:
        lines += ["", section_title(section)]
        for heading, sentences in section_parts(section, people):
            shown = sentences if left is None else sentences[: max(0, left)]
            hidden += len(sentences) - len(shown)
            if left is not None:
                left -= len(shown)
            if shown:
                lines += [f"  {heading}", *(f"  • {each}" for each in shown)]
    if hidden:
        lines += ["", f"and {hidden} more: bg digest --week"]
    return "\n".join(lines)


def digest_as_html(digest: Digest, people: People = "names") -> str:
    """Return the digest as one HTML file without scripts and external resources."""
    environment = Environment(
        loader=PackageLoader("bg_orchestration.report", "."),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    sections = [
        (section_title(section), list(section_parts(section, people)))
        for section in digest.sections
    ]
    return environment.get_template("digest.html").render(digest=digest, sections=sections)
