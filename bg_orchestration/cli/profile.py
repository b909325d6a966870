"""`bg profile`: check seller profiles and explain them in words."""

from dataclasses import asdict
from pathlib import Path
from typing import Any

import click
from rich.console import Group as Lines
from rich.table import Table
from rich.text import Text

from bg_orchestration.cli.printing import as_json, console, print_json
from bg_orchestration.domain.judgement.categories import CATEGORIES
from bg_orchestration.domain.judgement.policy import Policy
from bg_orchestration.domain.judgement.seller_profile import SellerProfile
from bg_orchestration.profiles import ProfileError, ProfileFault, load_policy, load_profile
from bg_orchestration.profiles.schema import schema_text
from bg_orchestration.profiles.wording import did_you_mean
from bg_orchestration.report.rules import (
    Rules,
    approvals,
    group_sizes,
    weights_in_words,
    who_takes_part,
)
from bg_orchestration.settings import settings


@click.group("profile")
def profile() -> None:
    """Check seller profiles, and print the JSON schema for editors."""


@profile.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@as_json
def check(files: tuple[Path, ...], json_: bool) -> None:
    """Check the profiles in FILES and explain each: who pays, who approves, who may object.

    A file is YAML, or the name of an example that ships: sales, security, hr, finance, education.
    Every fault is printed as file:line: field: what is wrong. Exit code 1 if there is one.

    \b
    bg profile check my-profile.yaml
    bg profile check security
    """
    try:
        policy = load_policy(settings().profiles)
    except ProfileError as error:
        raise click.ClickException(str(error)) from None
    good: dict[str, SellerProfile] = {}
    faults: list[ProfileFault] = []
    for file in files:
        try:
            good[str(file)] = load_profile(file)
        except ProfileError as error:
            faults += error.faults
            if not json_:
                click.echo(str(error), err=True)
    if json_:
        profiles = [_as_dict(name, profile, policy) for name, profile in good.items()]
        print_json({"profiles": profiles, "faults": [asdict(fault) for fault in faults]})
    else:
        for name, profile in good.items():
            console().print(_as_text(name, profile, policy))
    if faults:
        raise SystemExit(1)


@profile.command()
def schema() -> None:
    """Print the JSON schema of a profile, by which an editor completes and checks one.

    \b
    bg profile schema > profile.schema.json
    Then begin the profile with: # yaml-language-server: $schema=profile.schema.json
    """
    click.echo(schema_text(), nl=False)


def _explanation(profile: SellerProfile, policy: Policy) -> Rules:
    """Return the explanation of a profile: headings with their texts."""
    return (
        ("Sells", f"{profile.name}; {profile.deal_size_usd:,.0f} USD in the first year"),
        ("Category", _category(profile)),
        *who_takes_part(profile, policy),
        ("Approves it", _by_employees(approvals(profile, policy))),
        ("Group", _by_employees(group_sizes(profile, policy))),
        ("Required roles", ", ".join(profile.required_roles) or "none"),
        ("Countries", ", ".join(profile.countries) or "anywhere"),
        ("A score weighs", weights_in_words(profile)),
    )


def _category(profile: SellerProfile) -> str:
    if profile.category in CATEGORIES:
        return profile.category
    if profile.kind is not None:
        return f"{profile.category}, judged as {profile.kind}"
    unknown = f"{profile.category} is no known category{did_you_mean(profile.category, CATEGORIES)}"
    return f"{unknown} It is judged by target_departments alone"


def _by_employees(rules: Rules) -> str:
    return "\n".join(f"{employees} employees: {words}" for employees, words in rules)


def _as_text(file: str, profile: SellerProfile, policy: Policy) -> Lines:
    table = Table(box=None, show_header=False, pad_edge=False)
    table.add_column(style="dim", no_wrap=True)
    table.add_column()
    for name, words in _explanation(profile, policy):
        table.add_row(name, Text(words))
    return Lines(Text(f"{file}: profile {profile.id} is right", style="bold"), table, "")


def _as_dict(file: str, profile: SellerProfile, policy: Policy) -> dict[str, Any]:
    return {
        "file": file,
        "profile": profile.model_dump(),
        "explanation": dict(_explanation(profile, policy)),
    }
