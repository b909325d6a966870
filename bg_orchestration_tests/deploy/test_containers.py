"""The container files agree with the commands, variables, ports and files that there are.

No Docker engine runs the files here. What can be tried without one is tried: every command is
parsed by its program, PgBouncer's and nginx's files are read by PgBouncer and nginx.
"""

import importlib.util
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import click
import pytest
import yaml
from dagster._cli import create_dagster_cli
from dagster._daemon.cli import create_dagster_daemon_cli
from dagster_webserver.cli import create_dagster_webserver_cli

from bg_orchestration.cli import bg
from bg_orchestration.settings import Settings, is_secret, variable_of

ROOT = Path(__file__).parents[2]
DOCKER = ROOT / "deploy" / "docker"
COMPOSE = yaml.safe_load((DOCKER / "compose.yaml").read_text())
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
OURS = {name: one for name, one in SERVICES.items() if str(one["image"]).startswith("bg_orch")}
_PROGRAMS = {
    "bg": bg,
    "dagster": create_dagster_cli(),
    "dagster-daemon": create_dagster_daemon_cli(),
    "dagster-webserver": create_dagster_webserver_cli(),
}
# Variables of Dagster, OpenTelemetry and Python that our files may set.
_OTHERS = {"DAGSTER_HOME", "PATH", "PYTHONDONTWRITEBYTECODE", "PYTHONUNBUFFERED"}


def variables() -> set[str]:
    """Every variable that the settings read, also as a file of a secret."""
    read = {variable_of(name) for name in Settings.model_fields}
    return read | {f"{variable_of(name)}_FILE" for name in Settings.model_fields if is_secret(name)}


def parse(words: list[str]) -> None:
    """Parse a command line as its program does; the program does not run."""
    program, arguments = words[0], words[1:]
    if program in ("python", "celery"):
        module = arguments[arguments.index("-m" if program == "python" else "-A") + 1]
        assert importlib.util.find_spec(module), module
        return
    command: click.Command = _PROGRAMS[program]
    context = click.Context(command, info_name=program)
    while isinstance(command, click.Group):
        name, command, arguments = command.resolve_command(context, arguments)
        assert command is not None, name
        context = click.Context(command, info_name=name, parent=context)
    command.make_parser(context).parse_args(arguments)


@pytest.mark.parametrize("name", OURS)
def test_every_command_and_health_check_is_one(name: str) -> None:
    parse([str(word) for word in OURS[name]["command"]])
    _, *check = OURS[name].get("healthcheck", {}).get("test", ["CMD", "bg", "status"])
    if check[1] == "-c":
        compile(check[2], name, "exec")
    else:
        parse(check)


@pytest.mark.parametrize("name", OURS)
def test_every_variable_is_read(name: str) -> None:
    assert OURS[name]["environment"].keys() <= variables() | _OTHERS


def test_the_example_and_the_image_set_variables_that_are_read() -> None:
    example = re.findall(r"^(\w+)=", (DOCKER / "settings.env.example").read_text(), re.MULTILINE)
    image = re.search(r"^ENV ((?:.*\\\n)*.*)", (DOCKER / "Dockerfile").read_text(), re.MULTILINE)
    assert image is not None
    assert {*example, *re.findall(r"(\w+)=", image[1])} <= variables() | _OTHERS


def test_the_values_of_the_example_are_accepted(monkeypatch: pytest.MonkeyPatch) -> None:
    for line in (DOCKER / "settings.env.example").read_text().splitlines():
        if not line.startswith("#"):
            monkeypatch.setenv(*line.split("=", 1))
    assert Settings().provider == "files"


def test_extras_of_the_image_exist() -> None:
    import tomllib

    [extras] = re.findall(r"^ARG EXTRAS=(.*)", (DOCKER / "Dockerfile").read_text(), re.MULTILINE)
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert set(extras.split(",")) <= project["optional-dependencies"].keys()


def test_files_and_secrets_exist(tmp_path: Path) -> None:
    for name, service in SERVICES.items():
        for volume in service.get("volumes", ()):
            source = volume.split(":")[0]
            if source.startswith("."):
                assert (DOCKER / source).exists(), (name, source)
            else:
                assert source in COMPOSE["volumes"], (name, source)
        assert set(service.get("secrets", ())) <= COMPOSE["secrets"].keys(), name
        for variable_name, value in service.get("environment", {}).items():
            if str(value).startswith("/run/secrets/"):
                assert Path(value).name in service["secrets"], (name, variable_name)
    made = secrets(tmp_path)
    assert {Path(one["file"]).name for one in COMPOSE["secrets"].values()} == made.keys()
    before = {name: path.read_bytes() for name, path in made.items()}
    assert {name: path.read_bytes() for name, path in secrets(tmp_path).items()} == before


def test_addresses_and_ports_agree(tmp_path: Path) -> None:
    receiver = OURS["receiver-1"]["environment"]
    nginx = (DOCKER / "nginx.conf").read_text()
    assert re.findall(r"server (receiver-\d:\d+)", nginx) == [
        f"receiver-{number}:{receiver['BG_RECEIVER_PORT']}" for number in (1, 2)
    ]
    scraped = {
        target
        for job in yaml.safe_load((DOCKER / "prometheus.yaml").read_text())["scrape_configs"]
        for config in job["static_configs"]
        for target in config["targets"]
    }
    assert scraped == {
        f"receiver-1:{receiver['BG_ADMIN_PORT']}",
        f"receiver-2:{receiver['BG_ADMIN_PORT']}",
        f"exporter:{OURS['exporter']['environment']['BG_EXPORTER_PORT']}",
    }
    code = yaml.safe_load((DOCKER / "workspace.yaml").read_text())["load_from"][0]["grpc_server"]
    words = OURS["code"]["command"]
    assert (code["host"], str(code["port"])) == ("code", words[words.index("--port") + 1])
    assert code["location_name"] in words
    bouncer = (DOCKER / "pgbouncer.ini").read_text()
    made = secrets(tmp_path)
    for name in ("database_url", "dagster_postgres_url"):
        address, database = made[name].read_text().split("@")[1].split("/")
        assert address == f"pgbouncer:{re.findall(r'listen_port = (.*)', bouncer)[0]}"
        assert f"\n{database} = host=postgres" in bouncer
    # The receiver must not close a connection that the proxy is about to use.
    [seconds] = re.findall(r"keepalive_timeout (\d+)s", nginx)
    assert int(seconds) < Settings.model_fields["keep_alive"].default.total_seconds()


@pytest.mark.parametrize("name", SERVICES)
def test_every_part_can_do_little_and_comes_back(name: str) -> None:
    service = SERVICES[name]
    assert re.search(r":(v?\d+\.\d+\.\d+|\d+\.\d+-|local|\$)", service["image"]), "pin the image"
    assert service["restart"] in ("unless-stopped", "on-failure")
    assert set(service.get("ports", ())) == (
        {"8443:8443", "8444:8444"} & {*service.get("ports", ())}
    )
    if "build" in service:
        assert service["read_only"]
        assert service["cap_drop"] == ["ALL"]


@pytest.mark.skipif(not shutil.which("nginx"), reason="needs Debian's nginx")
def test_nginx_reads_its_file(tmp_path: Path) -> None:
    made = secrets(tmp_path)
    text = (DOCKER / "nginx.conf").read_text()
    text = text.replace("/run/secrets/", f"{made['tls_key'].parent}/")
    # Names of containers are known in their network only.
    text = re.sub(r"(receiver-\d|dagit):", "127.0.0.1:", text)
    (tmp_path / "nginx.conf").write_text(text.replace(" /tmp/", f" {tmp_path}/"))
    arguments = ["nginx", "-t", "-p", str(tmp_path), "-c", str(tmp_path / "nginx.conf")]
    done = subprocess.run(arguments, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr


def secrets(folder: Path) -> dict[str, Path]:
    """The files that make-secrets writes into a copy of the folder."""
    (folder / "make-secrets").write_text((DOCKER / "make-secrets").read_text())
    subprocess.run(
        ["sh", str(folder / "make-secrets")],
        input="a-password\n",
        text=True,
        check=True,
        capture_output=True,
        timeout=60,
    )
    return {path.name: path for path in (folder / "secrets").iterdir()}
