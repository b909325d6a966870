"""Runs as tasks of ECS and jobs of Kubernetes, launched with the files of deploy/.

ECS is moto's server, over HTTP. Kubernetes is a server that takes the job; the job is checked
against the models of the Kubernetes API. Both services may refuse or forget a launch: then the
lease and the reconciliation start another run.
"""

import json
import re
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import boto3
import dagster as dg
import httpx
import kubernetes.client
import pytest
import yaml
from botocore.exceptions import ClientError
from dagster import DagsterRunStatus as Status
from dagster._core.execution.api import execute_run_iterator
from dagster._core.launcher import LaunchRunContext
from moto.server import DomainDispatcherApplication, create_backend_app
from sqlalchemy import Engine
from werkzeug.serving import make_server

from bg_orchestration import names
from bg_orchestration.automation.reconciliation import reconcile, run_key
from bg_orchestration.definitions import defs
from bg_orchestration.domain.admission import DueRefresh
from bg_orchestration.refreshes.planning import emit, plan
from bg_orchestration.store.database import writing
from bg_orchestration.store.schema.tables import buyer_group_refresh_logs as logs
from bg_orchestration_tests.store.rows import LIMITS, POLICY, follow, let_pass, push, rows

ROOT = Path(__file__).parents[2]
IMAGE = "registry.example/bg_orchestration:1"

# The launchers do not know our database.
pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)


@pytest.fixture
def due(engine: Engine) -> DueRefresh:
    """A refresh of `acme` that was just handed over."""
    follow(engine, "acme")
    push(engine)
    with writing(engine) as connection:
        plan(connection, POLICY, LIMITS)
        [found] = emit(connection, LIMITS)
    return found


@contextmanager
def opened(name: str, folder: Path, **launcher: Any) -> Iterator[dg.DagsterInstance]:
    """The instance of a file of deploy/, with SQLite and with some settings of the launcher."""
    instance = yaml.safe_load((ROOT / "deploy" / name).read_text())
    del instance["storage"]
    instance["run_launcher"]["config"] |= launcher
    (folder / "dagster.yaml").write_text(yaml.safe_dump(instance))
    with dg.DagsterInstance.from_config(str(folder)) as made:
        yield made


def created(instance: dg.DagsterInstance, due: DueRefresh) -> dg.DagsterRun:
    job = defs.resolve_job_def(names.JOB)
    return instance.create_run_for_job(
        job_def=job,
        job_code_origin=dg.reconstructable(refresh_job).get_python_origin(),
        tags={
            "dagster/partition": due.company_id,
            names.TAG_REFRESH: due.refresh_id,
            "dagster/run_key": run_key(due),
        },
    )


def refresh_job() -> dg.JobDefinition:
    """The job, at a place from which a launcher's command can load it."""
    return defs.resolve_job_def(names.JOB)


def launch(instance: dg.DagsterInstance, run: dg.DagsterRun) -> None:
    """Launch a run as the daemon does; a failed launch ends the run."""
    instance.report_dagster_event(dg.DagsterEvent(
        event_type_value="PIPELINE_STARTING", job_name=run.job_name), run.run_id
    )  # fmt: skip
    try:
        instance.run_launcher.launch_run(LaunchRunContext(dagster_run=run, workspace=None))
    except ClientError as error:
        instance.report_run_failed(run, str(error))


def status_of(instance: dg.DagsterInstance, run: dg.DagsterRun) -> Status:
    found = instance.get_run_by_id(run.run_id)
    assert found is not None
    return found.status


class Ecs:
    """moto's server, which answers the first RunTask requests with ThrottlingException."""

    def __init__(self) -> None:
        self.throttled = 0
        self.requests: Counter[str] = Counter()
        self._app = DomainDispatcherApplication(create_backend_app)

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Any:
        action = environ.get("HTTP_X_AMZ_TARGET", "").rpartition(".")[2]
        self.requests[action] += 1
        if action == "RunTask" and self.throttled > 0:
            self.throttled -= 1
            start_response("400 Bad Request", [("content-type", "application/x-amz-json-1.1")])
            return [b'{"__type":"ThrottlingException","message":"Rate exceeded"}']
        return self._app(environ, start_response)


@pytest.fixture
def ecs(monkeypatch: pytest.MonkeyPatch) -> Iterator[Ecs]:
    app = Ecs()
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = Thread(target=server.serve_forever)
    thread.start()
    for name, value in {
        "AWS_ENDPOINT_URL": f"http://127.0.0.1:{server.port}",
        "AWS_DEFAULT_REGION": "eu-central-1",
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "BG_ECS_TASK_DEFINITION": "bg-run",
        # As deploy/dagster.ecs.yaml says.
        "AWS_RETRY_MODE": "standard",
        "AWS_MAX_ATTEMPTS": "6",
    }.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr("botocore.retries.standard.ExponentialBackoff.delay_amount", _no_pause)
    try:
        yield app
    finally:
        httpx.post(f"http://127.0.0.1:{server.port}/moto-api/reset").raise_for_status()
        server.shutdown()
        thread.join()


def _no_pause(_self: object, _context: object) -> float:
    return 0.0


@contextmanager
def ecs_instance(folder: Path) -> Iterator[dg.DagsterInstance]:
    client = boto3.client("ecs")
    client.create_cluster(clusterName="bg")
    client.register_task_definition(
        family="bg-run",
        containerDefinitions=[{"name": "run", "image": IMAGE, "memory": 512}],
        requiresCompatibilities=["FARGATE"],
        networkMode="awsvpc",
        cpu="256",
        memory="512",
    )
    ec2 = boto3.client("ec2")
    subnet = ec2.describe_subnets()["Subnets"][0]["SubnetId"]
    group = ec2.describe_security_groups()["SecurityGroups"][0]["GroupId"]
    with opened(
        "dagster.ecs.yaml",
        folder,
        # Nothing here runs in a task of ECS, whose cluster and network it could take.
        use_current_ecs_task_config=False,
        run_task_kwargs={
            "cluster": "bg",
            "launchType": "FARGATE",
            "networkConfiguration": {
                "awsvpcConfiguration": {"subnets": [subnet], "securityGroups": [group]}
            },
        },
    ) as instance:
        yield instance


def test_a_run_is_a_task_although_ecs_throttles(ecs: Ecs, due: DueRefresh, tmp_path: Path) -> None:
    with ecs_instance(tmp_path) as instance:
        run = created(instance, due)
        ecs.throttled = 3
        launch(instance, run)
        assert ecs.requests["RunTask"] == 3 + 1
        [task] = boto3.client("ecs").list_tasks(cluster="bg")["taskArns"]
        [found] = boto3.client("ecs").describe_tasks(cluster="bg", tasks=[task])["tasks"]
        [container] = found["overrides"]["containerOverrides"]
        assert container["name"] == "run"
        assert container["command"][:3] == ["dagster", "api", "execute_run"]
        assert run.run_id in container["command"][-1]
        # ECS takes 8,192 characters of overrides.
        assert len(json.dumps(found["overrides"])) < 8_192
        assert status_of(instance, run) is Status.STARTING


def test_a_launch_that_ecs_goes_on_refusing_is_repeated_and_costs_no_attempt(
    engine: Engine, ecs: Ecs, due: DueRefresh, tmp_path: Path
) -> None:
    with ecs_instance(tmp_path) as instance:
        limits = replace(LIMITS, max_attempts=1)
        for number in (1, 2):
            run = created(instance, due)
            ecs.throttled = 100
            launch(instance, run)
            assert status_of(instance, run) is Status.FAILURE
            reconcile(instance, engine, limits)
            [row] = rows(engine, logs)
            assert (row["state"], row["attempt"]) == ("failed", number + 1)
            let_pass(engine, timedelta(minutes=11))
            with writing(engine) as connection:
                [due] = emit(connection, limits)
        ecs.throttled = 0
        run = created(instance, due)
        launch(instance, run)
        assert status_of(instance, run) is Status.STARTING


def test_a_task_that_never_starts_is_replaced_and_does_nothing_when_it_starts_late(
    engine: Engine, ecs: Ecs, due: DueRefresh, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with ecs_instance(tmp_path) as instance:
        run = created(instance, due)
        launch(instance, run)
        now = time.time()
        # A container may take longer than a warm worker.
        monkeypatch.setattr(time, "time", lambda: now + 200)
        reconcile(instance, engine, LIMITS)
        assert status_of(instance, run) is Status.STARTING
        monkeypatch.setattr(time, "time", lambda: now + 301)
        reconcile(instance, engine, LIMITS)
        monkeypatch.setattr(time, "time", time.monotonic)
        assert status_of(instance, run) is Status.FAILURE
        [row] = rows(engine, logs)
        assert (row["state"], row["attempt"]) == ("failed", 2)
        late = instance.get_run_by_id(run.run_id)
        assert late is not None
        events = execute_run_iterator(dg.reconstructable(refresh_job), late, instance)
        assert [event.message for event in events] == [
            "Ignoring a run worker that started after the run had already finished."
        ]
        assert rows(engine, logs) == [row]


class Kubernetes(BaseHTTPRequestHandler):
    """A Kubernetes API that accepts every job and remembers it."""

    jobs: list[dict[str, Any]]

    def do_POST(self) -> None:
        job = json.loads(self.rfile.read(int(self.headers["content-length"])))
        self.jobs.append(job)
        content = json.dumps(job).encode()
        self.send_response(201)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_arguments: object) -> None:
        pass


@pytest.fixture
def jobs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[dict[str, Any]]]:
    handler = type("Handler", (Kubernetes,), {"jobs": []})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = Thread(target=server.serve_forever)
    thread.start()
    (tmp_path / "kubeconfig").write_text(
        yaml.safe_dump(
            {
                "current-context": "test",
                "contexts": [{"name": "test", "context": {"cluster": "test", "user": "test"}}],
                "clusters": [
                    {
                        "name": "test",
                        "cluster": {"server": f"http://127.0.0.1:{server.server_port}"},
                    }
                ],
                "users": [{"name": "test", "user": {}}],
            }
        )
    )
    for name, value in {
        "BG_K8S_NAMESPACE": "buyer-groups",
        "BG_K8S_IMAGE": IMAGE,
        "BG_K8S_SERVICE_ACCOUNT": "bg-runs",
        "BG_K8S_INSTANCE_CONFIG_MAP": "dagster-instance",
    }.items():
        monkeypatch.setenv(name, value)
    try:
        yield handler.jobs  # type: ignore[attr-defined]
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_a_run_is_a_job_that_kubernetes_accepts(
    jobs: list[dict[str, Any]], due: DueRefresh, tmp_path: Path
) -> None:
    config = {"load_incluster_config": False, "kubeconfig_file": str(tmp_path / "kubeconfig")}
    with opened("dagster.k8s.yaml", tmp_path, **config) as instance:
        run = created(instance, due)
        launch(instance, run)
        assert status_of(instance, run) is Status.STARTING
    [job] = jobs
    assert faults_of(job, "V1Job") == []
    spec = job["spec"]
    assert spec["backoffLimit"] == 0
    assert spec["activeDeadlineSeconds"] > 1800
    pod = spec["template"]["spec"]
    assert pod["serviceAccountName"] == "bg-runs"
    assert pod["restartPolicy"] == "Never"
    [container] = pod["containers"]
    assert container["image"] == IMAGE
    assert container["args"][:3] == ["dagster", "api", "execute_run"]
    assert container["securityContext"]["readOnlyRootFilesystem"] is True
    sources = [*(each.get("secretRef", {}).get("name") for each in container["envFrom"])]
    assert "bg-secrets" in sources
    home = {"name": "DAGSTER_HOME", "value": "/opt/dagster/home"}
    assert home in container["env"]
    assert job["metadata"]["labels"]["dagster/run-id"] == run.run_id


@pytest.mark.usefixtures("engine")
def test_the_check_of_a_job_finds_what_kubernetes_would_refuse() -> None:
    job: dict[str, Any] = {
        "apiVersion": "batch/v1",
        "kind": "Job",
        "spec": {"template": {"spec": {"containers": [{"name": "run"}]}}, "backoffLimit": 0},
    }
    assert faults_of(job, "V1Job") == []
    job["spec"]["backoffLimits"] = 1
    job["spec"]["backoffLimit"] = "none"
    del job["spec"]["template"]["spec"]["containers"][0]["name"]
    assert faults_of(job, "V1Job") == [
        "V1Job.spec.template.spec.containers: Invalid value for `name`, must not be `None`",
        "V1Job.spec.backoffLimit: 'none' is no int",
        "V1Job.spec: unknown backoffLimits",
    ]


_SCALARS: Mapping[str, type | tuple[type, ...]] = {
    "str": str, "int": int, "bool": bool, "float": (int, float), "datetime": str,
    "object": object, "int-or-string": (int, str),
}  # fmt: skip


def faults_of(value: Any, kind: str, place: str = "") -> list[str]:
    """Compare a value with a model of the Kubernetes API: unknown, missing and mistyped fields."""
    place = place or kind
    if listed := re.fullmatch(r"list\[(.+)\]", kind):
        return [fault for each in value for fault in faults_of(each, listed[1], place)]
    if mapped := re.fullmatch(r"dict\[str, (.+)\]", kind):
        return [fault for each in value.values() for fault in faults_of(each, mapped[1], place)]
    if kind in _SCALARS:
        return [] if isinstance(value, _SCALARS[kind]) else [f"{place}: {value!r} is no {kind}"]
    model = getattr(kubernetes.client, kind)
    by_json = {written: name for name, written in model.attribute_map.items()}
    known = {written: each for written, each in value.items() if written in by_json}
    faults = [
        fault
        for written, each in known.items()
        for fault in faults_of(each, model.openapi_types[by_json[written]], f"{place}.{written}")
    ]
    faults += [f"{place}: unknown {written}" for written in value if written not in by_json]
    try:
        # The model itself refuses missing fields and values out of range.
        model(**{by_json[written]: each for written, each in known.items()})
    except ValueError as error:
        faults.insert(0, f"{place}: {error}")
    return faults
