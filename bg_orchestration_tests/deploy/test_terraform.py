"""The Terraform files agree with our commands, variables and ports.

The providers cannot be had here, so nothing checks the resources themselves.
"""

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from bg_orchestration_tests.deploy.test_containers import parse, variables

TERRAFORM = Path(__file__).parents[2] / "deploy" / "terraform"
MAIN = (TERRAFORM / "main.tf").read_text()


def block(name: str) -> str:
    """The text of a map of `locals`."""
    [found] = re.findall(rf"^  {name} = \{{\n(.*?)^  \}}", MAIN, re.MULTILINE | re.DOTALL)
    return str(found)


@pytest.mark.skipif(not shutil.which("terraform"), reason="needs terraform")
def test_the_files_are_formatted_and_can_be_read() -> None:
    done = subprocess.run(
        ["terraform", "fmt", "-check", "-diff", str(TERRAFORM)],
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_command_and_port_is_one() -> None:
    services = block("services")
    commands = [json.loads(found) for found in re.findall(r"command += (\[.*?\])", services)]
    assert len(commands) == len(re.findall(r"count += ", services)) == 7
    for command in commands:
        parse(command)
    settings = dict(re.findall(r"(\w+) += \"(.*)\"", block("settings")))
    ports = dict(re.findall(r"(\w+) += \{\s*command .*?port\s+= (\d+|null)", services, re.DOTALL))
    assert ports["receiver"] == settings["BG_RECEIVER_PORT"]
    assert ports["exporter"] == settings["BG_EXPORTER_PORT"]
    for name in ("code", "dagit"):
        [command] = [one for one in commands if one[-1] == ports[name]]
        assert command[-2] == "--port"
    assert f"host: code.${{local.name}}.internal, port: {ports['code']}" in MAIN
    target = MAIN.split('"aws_lb_target_group" "receiver"')[1]
    assert re.findall(r"port += (\d+)", target)[0] == ports["receiver"]


def test_every_variable_is_read() -> None:
    names = [*re.findall(r"^    (\w+) += ", block("settings") + block("secrets"), re.MULTILINE)]
    assert len(names) == 14
    assert set(names) <= variables() | {"DAGSTER_POSTGRES_URL"}
    declared = re.findall(r'^variable "(\w+)"', (TERRAFORM / "variables.tf").read_text(), re.M)
    assert set(re.findall(r"var\.(\w+)", MAIN)) == set(declared)
