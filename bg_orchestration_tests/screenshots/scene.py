"""A system with a story to photograph: fresh, failing, waiting and deferred companies."""

import json
from pathlib import Path
from typing import Final

from bg_orchestration import names
from bg_orchestration_tests.end_to_end import dagit
from bg_orchestration_tests.end_to_end.system import Up, until

# Its group changes by an event; its second event waits for the end of the cool-down.
COMPANY: Final = "tesselloft-cloudworks"
COMPANY_NAME: Final = "Tesselloft Cloudworks"
# The people of a company whose next list lacks all but the last of them: its check blocks.
_TITLES: Final = (
    "Chief Executive Officer", "Chief Financial Officer", "Head of Sales", "Sales Manager",
    "Sales Operations Manager", "Account Executive", "Warehouse Clerk",
)  # fmt: skip
_JOB = """
mutation($params: ExecutionParams!) {
  launchPipelineExecution(executionParams: $params) {
    __typename
    ... on LaunchRunSuccess { run { runId } }
    ... on PythonError { message }
  }
}"""


def act(up: Up, folder: Path) -> dict[str, str]:
    """Play the story on a running system; return the ids of its runs by name."""
    companies = [company["company_id"] for company in up.json("companies")]
    for company_id in sorted({*companies[:8], COMPANY}):
        run_id = dagit.materialize(up.graphql, company_id)
        until("run ends", lambda run_id=run_id: dagit.status(up.graphql, run_id) == "SUCCESS")
    event_run = _event(up, "champion-new", "Sales Operations Manager")
    _event(up, "intern-new", "Sales Intern", wait=False)
    failed_run = _lose_people(up, folder)
    measured = _launch(up, names.COVERAGE_JOB)
    until("coverage is measured", lambda: dagit.status(up.graphql, measured) == "SUCCESS")
    exported = _launch(up, names.EXPORT_JOB)
    until("tables are exported", lambda: dagit.status(up.graphql, exported) == "SUCCESS")
    return {"event": event_run, "failed": failed_run, "coverage": measured}


def _lose_people(up: Up, folder: Path) -> str:
    """Publish a group, then import a list that lacks almost everybody; return the failed run."""
    directory = folder / "companies.csv"
    directory.write_text("company,website,employees\nPlumbago Yard,plumbago.example,240\n")
    up.bg("import", str(directory))
    company_id = "plumbago.example"
    rows = [f"{title} Example,{title},Plumbago Yard,plumbago.example" for title in _TITLES]
    for number, part in enumerate((rows, rows[-1:])):
        file = folder / f"people-{number}.csv"
        file.write_text("\n".join(["name,title,company,website", *part]))
        up.bg("import", str(file), "--complete")
        run_id = dagit.materialize(up.graphql, company_id)
        until(
            "run ends",
            lambda run_id=run_id: dagit.status(up.graphql, run_id) in ("SUCCESS", "FAILURE"),
        )
    assert dagit.status(up.graphql, run_id) == "FAILURE"
    return run_id


def _event(up: Up, person: str, title: str, *, wait: bool = True) -> str:
    arguments = ["--company", COMPANY, "--person", person, "--new-title", title]
    up.bg("send-event", *arguments, "--person-name", "Noor Example")
    if not wait:
        return ""
    until("event handled", lambda: up.json("inbox", "--company", COMPANY)[0]["state"] == "handled")
    runs = up.graphql(
        "query($tags: [ExecutionTag!]) { runsOrError(filter: {tags: $tags}, limit: 1) "
        "{ ... on Runs { results { runId } } } }",
        tags=[{"key": names.TAG_COMPANY, "value": COMPANY}],
    )
    run_id: str = runs["runsOrError"]["results"][0]["runId"]
    return run_id


def _launch(up: Up, job: str) -> str:
    answer = up.graphql(
        _JOB,
        params={
            "selector": {
                "repositoryLocationName": names.LOCATION,
                "repositoryName": "__repository__",
                "pipelineName": job,
            },
            "mode": "default",
            "runConfigData": json.dumps({}),
        },
    )["launchPipelineExecution"]
    assert answer["__typename"] == "LaunchRunSuccess", answer
    run_id: str = answer["run"]["runId"]
    return run_id
