"""`bg assess`: the buyer group of a list of people, without a database."""

from pathlib import Path
from typing import Any

import click

from bg_orchestration.cli.printing import as_json, console, print_json
from bg_orchestration.domain.judgement.roles import assign
from bg_orchestration.domain.judgement.scoring import score_people
from bg_orchestration.domain.model import Company
from bg_orchestration.importing.headers import FileError
from bg_orchestration.importing.people_file import PeopleFile, read_people
from bg_orchestration.profiles import ProfileError, load_policy, load_profile, load_profiles
from bg_orchestration.report import person_explanation
from bg_orchestration.report.company_judgement import CompanyJudgement
from bg_orchestration.report.group_text import as_text
from bg_orchestration.report.terminal import echo
from bg_orchestration.settings import settings


@click.command()
@click.argument(
    "people",
    type=click.Path(exists=True, dir_okay=False, allow_dash=True, path_type=Path),
)
@click.option(
    "--profile",
    type=click.Path(path_type=Path),
    help="The seller profile: a YAML file, or the name of a shipped example: sales, security, hr, "
    "finance, education.  [default: the shipped profile]",
)
@click.option("--company", help="The company to judge in a file with several: name or domain.")
@click.option(
    "--company-size",
    type=click.IntRange(min=1),
    help="Employees of the company.  [default: unknown, judged as the number of rows]",
)
@click.option("--industry", help="The company's business; a bank's vice president leads no people.")
@click.option("--country", help="The company's country; in some a works council has a say by law.")
@click.option(
    "--explain",
    "wanted",
    metavar="PERSON",
    help="Explain the person's place in the group, or none.",
)
@click.option(
    "--html",
    type=click.Path(dir_okay=False, writable=True, path_type=Path),
    help="Also write the group as one page to forward.",
)
@click.option("--encoding", help="The encoding of PEOPLE, such as cp1250.  [default: by its bytes]")
@as_json
def assess(
    people: Path,
    profile: Path | None,
    company: str | None,
    company_size: int | None,
    industry: str | None,
    country: str | None,
    wanted: str | None,
    html: Path | None,
    encoding: str | None,
    json_: bool,
) -> None:
    """Print the buyer group of the PEOPLE in a file, with reasons; nothing is stored.

    PEOPLE is a CSV with a column `title`; `id`, `name`, `department` and `started_at` add detail.
    Files are read as by `bg import`; - is a CSV on standard input. PERSON is an id, a
    row's number from 1, or a name.

    \b
    bg assess people.csv --profile security --company-size 800 --industry banking
    bg assess people.csv --explain "Ada Example"
    bg assess people.csv --html report.html
    """
    try:
        seller = load_profile(profile) if profile else load_profiles()[0]
        policy = load_policy(settings().profiles)
        people_file = read_people(people, settings().home / "headers.yaml", encoding, company)
    except (ProfileError, FileError) as error:
        raise click.ClickException(str(error)) from None
    company_facts = Company(
        company_id="assessed",
        name=people_file.name,
        employee_count=company_size,
        industry=industry,
        country=country,
    )
    scored = score_people(company_facts, people_file.people, [seller], policy)
    judgement = CompanyJudgement(
        company_facts, seller, policy, scored, assign(company_facts, scored, seller, policy)
    )
    _tell(people_file, judgement)
    if html is not None:
        _write(html, judgement)
    if wanted is not None:
        _explain(judgement, _person_meant(judgement, people_file, wanted), json_)
    elif json_:
        print_json(as_dict(judgement))
    else:
        group = as_text(
            _heading(judgement),
            judgement.group,
            _people(judgement),
            employee_count=company_size,
        )
        console().print(group)


def as_dict(judgement: CompanyJudgement) -> dict[str, Any]:
    """Return the judgement as a dictionary for JSON."""
    group = judgement.group
    return {
        "company_size": group.company_size,
        "profile": group.profile_id,
        "size": len(group.members),
        "completeness": group.completeness,
        "cohesion": None,  # no longer measured; the key stays for readers of this JSON
        "confidence": group.confidence,
        "missing": [gap.look_for for gap in group.gaps],
        "members": [
            member.model_dump(
                include={"person_id", "title", "seniority", "function", "role", "score", "reasons"}
            )
            | {"name": judgement.people[member.person_id].person.name}
            for member in group.members
        ],
        "employee_count": judgement.company.employee_count,
        "industry": judgement.company.industry,
        "size_range": group.size_range,
        "people_known": group.people_known,
        "covered": group.covered,
        "gaps": [gap.model_dump() for gap in group.gaps],
        "gatekeepers": [each.model_dump() for each in group.gatekeepers],
    }


def _tell(people_file: PeopleFile, judgement: CompanyJudgement) -> None:
    for note in people_file.notes:
        echo(f"Note: {note}", err=True)
    if judgement.company.employee_count is None:
        echo(
            "Note: the number of employees is unknown; judged by the people in the file as "
            f"{judgement.group.company_size:,}. Give it with --company-size",
            err=True,
        )


def _heading(judgement: CompanyJudgement) -> str:
    industry = f" ({judgement.company.industry})" if judgement.company.industry else ""
    return f"{judgement.company.name}{industry}, profile {judgement.profile.id}"


def _people(judgement: CompanyJudgement) -> dict[str, str]:
    """Return the labels of members, and labels with titles of people near a gap."""
    members = {member.person_id for member in judgement.group.members}
    return {
        person_id: label
        if person_id in members or person.person.title in ("", label)
        else f"{label} ({person.person.title})"
        for person_id, person in judgement.people.items()
        for label in [judgement.labels[person_id]]
    }


def _person_meant(judgement: CompanyJudgement, people_file: PeopleFile, wanted: str) -> str:
    """Return the id of the person that `wanted` names: by id, row or name."""
    if wanted in judgement.people:
        return wanted
    if wanted in people_file.numbers:
        return people_file.numbers[wanted]
    name = wanted.casefold()
    matches = [
        each for each, person in judgement.people.items() if person.person.name.casefold() == name
    ]
    if not matches:
        raise click.ClickException(
            f"No person here has the id, row number or name {wanted!r}; an id stands behind each "
            "name"
        )
    if len(matches) > 1:
        raise click.ClickException(
            f"{len(matches)} people are called {wanted!r}; "
            f"name one by id: {', '.join(sorted(matches))}"
        )
    return matches[0]


def _explain(judgement: CompanyJudgement, person_id: str, json_: bool) -> None:
    explained = person_explanation.explain(judgement, person_id)
    if json_:
        print_json(person_explanation.as_dict(explained))
    else:
        console().print(person_explanation.as_text(explained))


def _write(path: Path, judgement: CompanyJudgement) -> None:
    # Only this option pays for the import of a template engine.
    from bg_orchestration.report.page import page

    try:
        path.write_text(page(judgement), encoding="utf-8")
    except OSError as error:
        raise click.ClickException(f"{path}: cannot be written: {error.strerror}") from None
    echo(f"Wrote {path}", err=True)
