"""A package that the settings need and that is missing is told at the start, with its command."""

import os
import signal
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from importlib.machinery import ModuleSpec
from pathlib import Path

import pytest
from click.testing import CliRunner

from bg_orchestration.cli import bg
from bg_orchestration.domain.diagnosis.causes import diagnose
from bg_orchestration.domain.diagnosis.facts import Facts
from bg_orchestration.ops import daemon, extras
from bg_orchestration.ops.dagster_home import open_instance
from bg_orchestration.ops.extras import unmet_needs
from bg_orchestration.settings import Settings, settings
from bg_orchestration_tests.end_to_end.system import SECRET

ROOT = Path(__file__).parents[2]


def home_of(name: str, folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "dagster.yaml").write_text((ROOT / "deploy" / name).read_text())
    return folder


@pytest.fixture(autouse=True)
def _address_of_storage(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DAGSTER_POSTGRES_URL", "postgresql://bg:a-password@127.0.0.1:1/dagster")


@pytest.fixture
def nothing_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    def find_spec(_name: str) -> ModuleSpec | None:
        return None

    monkeypatch.setattr(extras, "find_spec", find_spec)


CASES = [
    ("dagster.yaml", "redis://host:6379/0", "redis", "The broker redis:// of BG_CELERY_BROKER"),
    ("dagster.yaml", "rediss://host:6379/0", "redis", "The broker rediss://"),
    ("dagster.rabbitmq.yaml", "amqp://host//", "rabbitmq", "The broker amqp://"),
    ("dagster.ecs.yaml", None, "ecs", "The run launcher EcsRunLauncher of dagster.yaml"),
    ("dagster.k8s.yaml", None, "k8s", "The run launcher K8sRunLauncher of dagster.yaml"),
]


@pytest.mark.usefixtures("nothing_installed")
@pytest.mark.parametrize(("file", "broker", "extra", "reason"), CASES)
def test_each_launcher_names_its_extra(
    file: str,
    broker: str | None,
    extra: str,
    reason: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    if broker:
        monkeypatch.setenv("BG_CELERY_BROKER", broker)
    [need] = unmet_needs(Settings(), home_of(file, tmp_path))
    assert need.what.startswith(reason)
    assert need.command == f"pip install 'bg_orchestration[{extra}]'"
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert extra in project["optional-dependencies"]


@pytest.mark.usefixtures("nothing_installed")
def test_values_or_logs_in_s3_need_one_extra(tmp_path: Path) -> None:
    bucket = Settings(artifacts="s3://bucket/values")
    [need] = unmet_needs(bucket, tmp_path)
    assert "bg_orchestration[s3]" in need.command
    (tmp_path / "dagster.yaml").write_text(
        "compute_logs: {module: dagster_aws.s3.compute_log_manager, class: S3ComputeLogManager}\n"
    )
    [need] = unmet_needs(Settings(), tmp_path)
    assert "S3ComputeLogManager" in need.what
    assert unmet_needs(Settings(), tmp_path / "none") == []


def test_what_is_installed_is_not_missed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for file, broker, *_ in CASES:
        if broker:
            monkeypatch.setenv("BG_CELERY_BROKER", broker)
        assert unmet_needs(Settings(artifacts="s3://b"), home_of(file, tmp_path)) == []


@pytest.fixture
def on_redis(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("DAGSTER_HOME", str(home_of("dagster.yaml", tmp_path / "dagster")))
    monkeypatch.setenv("BG_CELERY_BROKER", "redis://127.0.0.1:1/0")
    monkeypatch.setenv("BG_WEBHOOK_SECRETS", f"*={SECRET}")
    for process in ("RECEIVER", "EXPORTER", "DAGIT"):
        monkeypatch.setenv(f"BG_{process}_PORT", "0")
    settings.cache_clear()
    handlers = [(each, signal.getsignal(each)) for each in (signal.SIGINT, signal.SIGTERM)]
    yield
    for number, handler in handlers:
        signal.signal(number, handler)


@pytest.mark.usefixtures("nothing_installed", "on_redis")
@pytest.mark.parametrize(("command", "code"), [("up", 1), ("worker", 1), ("doctor", 1)])
def test_each_command_says_what_to_install(command: str, code: int) -> None:
    result = CliRunner().invoke(bg, [command])
    assert result.exit_code == code
    assert "pip install 'bg_orchestration[redis]'" in result.output
    assert ("unmet_need" in result.output) is (command == "doctor")


@pytest.mark.usefixtures("on_redis")
@pytest.mark.parametrize(
    "command",
    [["celery", "-A", "bg_orchestration.ops.worker", "worker"], [daemon.__name__, "workspace"]],
    ids=["worker", "daemon"],
)
def test_a_process_of_a_fleet_says_it_and_ends(command: list[str], tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text("import sys\nsys.modules['redis'] = None\n")
    done = subprocess.run(
        [sys.executable, "-m", *command], env=os.environ | {"PYTHONPATH": str(tmp_path)},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode != 0
    assert "pip install 'bg_orchestration[redis]'" in done.stdout + done.stderr
    assert "Traceback" not in done.stderr


def test_the_postgres_storage_needs_its_address(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BG_CELERY_BROKER", "redis://host:6379/0")
    home = home_of("dagster.yaml", tmp_path)
    assert unmet_needs(Settings(), home) == []
    monkeypatch.delenv("DAGSTER_POSTGRES_URL")
    [need] = unmet_needs(Settings(), home)
    assert "DAGSTER_POSTGRES_URL is not set" in need.what
    own = "storage: {custom: {class: PostgresStorage, config: {postgres_url: 'postgresql://h'}}}"
    (home / "dagster.yaml").write_text(own)
    assert unmet_needs(Settings(), home) == []


@pytest.mark.usefixtures("on_redis")
def test_a_storage_that_cannot_be_reached_is_one_sentence() -> None:
    with pytest.raises(SystemExit) as found:
        open_instance()
    sentence = str(found.value)
    assert sentence.startswith(
        "Dagster's storage, DAGSTER_POSTGRES_URL: The database cannot be reached: "
    )
    assert "a-password" not in sentence
    assert "\n" not in sentence


def test_a_broker_that_does_not_answer_is_a_finding_without_its_password(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from bg_orchestration.ops import inspection

    monkeypatch.setenv("DAGSTER_HOME", str(home_of("dagster.yaml", tmp_path)))
    monkeypatch.setenv("BG_CELERY_BROKER", "redis://:a-password@127.0.0.1:1/0")
    settings.cache_clear()
    found = inspection._machine(settings(), tmp_path)
    assert "a-password" not in str(found)
    assert found["broker_server"] is True
    facts = Facts(
        home="h", programs="p", limits=settings().limits, database_kind="sqlite",
        broker_fault=found["broker_fault"], broker_server=True,
    )  # fmt: skip
    [finding] = [one for one in diagnose(facts) if one.check == "broker"]
    assert finding.fix.startswith("Start the broker, or correct BG_CELERY_BROKER")


@pytest.mark.usefixtures("on_redis")
def test_a_worker_without_a_broker_or_a_launcher_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("BG_CELERY_BROKER")
    settings.cache_clear()
    result = CliRunner().invoke(bg, ["worker"])
    assert "BG_CELERY_BROKER is not set: export BG_CELERY_BROKER=redis" in result.output
    monkeypatch.delenv("DAGSTER_HOME")
    assert "names no Celery launcher" in CliRunner().invoke(bg, ["worker"]).output
