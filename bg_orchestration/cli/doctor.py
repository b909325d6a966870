"""`bg doctor`: what is wrong, and the command that mends it."""

import click

from bg_orchestration.cli.output import as_json, console, print_json
from bg_orchestration.cli.status import exit_code, findings_json
from bg_orchestration.settings import settings


@click.command()
@as_json
def command(json_: bool) -> None:
    """Find what is wrong and say how to mend it, causes first.

    Exit code 1 when something needs a person. Reads only; asks every part for a few seconds.
    """
    from bg_orchestration.domain.diagnosis.causes import diagnose
    from bg_orchestration.ops.inspection import inspect

    findings = diagnose(inspect(settings()))
    if json_:
        print_json(findings_json(findings))
        raise click.exceptions.Exit(exit_code(findings))
    out = console()
    for finding in findings:
        colour = "red" if finding.severity == "problem" else "yellow"
        out.print(f"[{colour}]{finding.severity}[/{colour}] {finding.check}", soft_wrap=True)
        out.print(finding.what, markup=False, soft_wrap=True)
        out.print(f"  -> {finding.fix}\n", markup=False, soft_wrap=True)
    if not findings:
        out.print("Nothing is wrong.")
    raise click.exceptions.Exit(exit_code(findings))
