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
from bg_orchestration.report.group_text import as_text
from bg_orchestration.report.judged import CompanyJudgement
from bg_orchestration.settings import settings


@click.command()
@click.argument(
    "people",
    type=click.Path(exists=True, dir_okay=False, allow_dash=True, path_type=Path),
)
@click.option(
    "--profile",
    type=click.Path(path_type=Path),
    help="What is sold: a YAML file, or the name of an example that ships: sales, security, hr, "
    "finance, education.  [default: the one that ships]",
)
@click.option(
    "--company-size",
    type=click.IntRange(min=1),
    help="Employees of the company.  [default: as many as the file lists]",
)
@click.option("--industry", help="What the company does; in a bank a vice president leads nobody.")
@click.option("--country", help="Where the company is; in some a works council has a say by law.")
@click.option(
    "--explain", "wanted", metavar="PERSON", help="Why this person is in the group, or why not."
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
        read = read_people(people, settings().home / "headers.yaml", encoding)
    except (ProfileError, FileError) as error:
        raise click.ClickException(str(error)) from None
    company = Company(
        company_id="assessed",
        name=read.name,
        employee_count=company_size,
        industry=industry,
        country=country,
    )
    scored = score_people(company, read.people, [seller], policy)
    judged = CompanyJudgement(
        company, seller, policy, scored, assign(company, scored, seller, policy)
    )
    _tell(read, judged)
    if html is not None:
        _write(html, judged)
    if wanted is not None:
        _explain(judged, _person_meant(judged, read, wanted), json_)
    elif json_:
        print_json(as_dict(judged))
    else:
        console().print(as_text(_heading(judged), judged.group, _people(judged)))


def as_dict(judged: CompanyJudgement) -> dict[str, Any]:
    """Return the judgement as a dictionary for JSON."""
    group = judged.group
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
            | {"name": judged.people[member.person_id].person.name}
            for member in group.members
        ],
        "industry": judged.company.industry,
        "size_range": group.size_range,
        "people_known": group.people_known,
        "covered": group.covered,
        "gaps": [gap.model_dump() for gap in group.gaps],
        "gatekeepers": [each.model_dump() for each in group.gatekeepers],
    }


def _tell(read: PeopleFile, judged: CompanyJudgement) -> None:
    for note in read.notes:
        click.echo(f"Note: {note}", err=True)
    if judged.company.employee_count is None:
        click.echo(
            f"Note: judged as a company of {judged.group.company_size:,}, the people in the file; "
            "say how many it has with --company-size",
            err=True,
        )


def _heading(judged: CompanyJudgement) -> str:
    industry = f" ({judged.company.industry})" if judged.company.industry else ""
    return f"{judged.company.name}{industry}, profile {judged.profile.id}"


def _people(judged: CompanyJudgement) -> dict[str, str]:
    """Return the labels of members, and labels with titles of people near a gap."""
    members = {member.person_id for member in judged.group.members}
    return {
        person_id: label
        if person_id in members or person.person.title in ("", label)
        else f"{label} ({person.person.title})"
        for person_id, person in judged.people.items()
        for label in [judged.labels[person_id]]
    }


def _person_meant(judged: CompanyJudgement, read: PeopleFile, wanted: str) -> str:
    """Return the id of the person that `wanted` names: by id, row or name."""
    if wanted in judged.people:
        return wanted
    if wanted in read.numbers:
        return read.numbers[wanted]
    name = wanted.casefold()
    found = [
        each for each, person in judged.people.items() if person.person.name.casefold() == name
    ]
    if not found:
        raise click.ClickException(
            f"Nobody here has the id, row number or name {wanted!r}; an id stands behind each name"
        )
    if len(found) > 1:
        raise click.ClickException(
            f"{len(found)} people are called {wanted!r}; name one by id: {', '.join(sorted(found))}"
        )
    return found[0]


def _explain(judged: CompanyJudgement, person_id: str, json_: bool) -> None:
    explained = person_explanation.explain(judged, person_id)
    if json_:
        print_json(person_explanation.as_dict(explained))
    else:
        console().print(person_explanation.as_text(explained))


def _write(path: Path, judged: CompanyJudgement) -> None:
    # Only this option pays for the import of a template engine.
    from bg_orchestration.report.page import page

    try:
        path.write_text(page(judged), encoding="utf-8")
    except OSError as error:
        raise click.ClickException(f"{path}: cannot be written: {error.strerror}") from None
    click.echo(f"Wrote {path}", err=True)
