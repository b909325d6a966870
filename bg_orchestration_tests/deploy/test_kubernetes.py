"""The Kubernetes files agree with the API's models and with our commands, variables and ports.

No cluster and no Helm run them here.
"""

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from bg_orchestration_tests.deploy.test_containers import parse, variables
from bg_orchestration_tests.ops.test_container_launchers import faults_of

DEPLOY = Path(__file__).parents[2] / "deploy"
HELM = DEPLOY / "helm"
PARTS: list[dict[str, Any]] = list(yaml.safe_load_all((HELM / "parts.yaml").read_text()))
VALUES: dict[str, Any] = yaml.safe_load((HELM / "values.yaml").read_text())
MODELS = {
    "HorizontalPodAutoscaler": "V2HorizontalPodAutoscaler",
    "PodDisruptionBudget": "V1PodDisruptionBudget",
}
NAMES = [f"{part['kind']} {part['metadata']['name']}" for part in PARTS]
SETTINGS = next(part["data"] for part in PARTS if part["metadata"]["name"] == "bg-settings")
PODS = {
    part["metadata"]["name"]: part["spec"]["template"]
    for part in PARTS
    if part["kind"] in ("Deployment", "Job")
}
# Variables that deploy/dagster.k8s.yaml reads.
INSTANCE = set(re.findall(r"env: (\w+)", (DEPLOY / "dagster.k8s.yaml").read_text()))


@pytest.mark.parametrize("part", PARTS, ids=NAMES)
def test_every_object_is_one_of_the_api(part: dict[str, Any]) -> None:
    assert faults_of(part, MODELS.get(part["kind"], f"V1{part['kind']}")) == []
    assert NAMES.count(f"{part['kind']} {part['metadata']['name']}") == 1


@pytest.mark.parametrize("name", PODS)
def test_every_pod_runs_a_command_of_ours_with_few_rights(name: str) -> None:
    spec = PODS[name]["spec"]
    [container] = spec["containers"]
    parse([str(word) for word in container["command"]])
    for probe in ("readinessProbe", "livenessProbe"):
        if "exec" in container.get(probe, {}):
            parse([str(word) for word in container[probe]["exec"]["command"]])
    assert spec["securityContext"]["runAsNonRoot"]
    assert container["securityContext"]["readOnlyRootFilesystem"]
    assert container["securityContext"]["capabilities"] == {"drop": ["ALL"]}
    volumes = {volume["name"] for volume in spec["volumes"]}
    assert {mount["name"] for mount in container["volumeMounts"]} == volumes
    assert spec["automountServiceAccountToken"] is (name == "bg-daemon")


def test_ports_agree() -> None:
    for name, pod in PODS.items():
        [container] = pod["spec"]["containers"]
        ports = {port["name"]: port["containerPort"] for port in container.get("ports", ())}
        for probe in ("readinessProbe", "livenessProbe"):
            if "httpGet" in container.get(probe, {}):
                assert container[probe]["httpGet"]["port"] in ports, name
        for part in PARTS:
            if part["kind"] == "Service" and part["spec"]["selector"] == {"app": name}:
                for port in part["spec"]["ports"]:
                    assert ports[port["targetPort"]] == port["port"]
            if part["kind"] == "NetworkPolicy":
                chosen = part["spec"]["podSelector"]["matchLabels"] == {"app": name}
                rules = part["spec"]["ingress"] if chosen else ()
                allowed = {port["port"] for rule in rules for port in rule["ports"]}
                assert not chosen or allowed == set(ports.values())
        if name == "bg-receiver":
            assert {key: str(value) for key, value in ports.items()} == {
                "public": SETTINGS["BG_RECEIVER_PORT"],
                "admin": SETTINGS["BG_ADMIN_PORT"],
            }
        if name == "bg-exporter":
            assert str(ports["metrics"]) == SETTINGS["BG_EXPORTER_PORT"]


def test_every_variable_is_read() -> None:
    assert SETTINGS.keys() <= variables() | INSTANCE
    secrets = re.findall(r"from-literal=([A-Z_]+)=", (HELM / "README.md").read_text())
    assert set(secrets) <= variables() | {"DAGSTER_POSTGRES_URL"}
    assert len(secrets) == 4
    missing = INSTANCE - SETTINGS.keys() - set(secrets)
    assert missing <= {"BG_LOGS_BUCKET"}


def test_the_chart_serves_dagit_on_our_location_only() -> None:
    [server] = VALUES["dagsterWebserver"]["workspace"]["servers"]
    command = PODS["bg-code"]["spec"]["containers"][0]["command"]
    assert server["name"] == "bg_orchestration" == command[command.index("--location-name") + 1]
    workspace = next(part for part in PARTS if part["metadata"]["name"] == "bg-workspace")
    [location] = yaml.safe_load(workspace["data"]["workspace.yaml"])["load_from"]
    ours = location["grpc_server"]
    assert (ours["host"], ours["port"]) == (server["host"], server["port"])
    services = [name for name in NAMES if name.startswith("Service ")]
    assert f"Service {server['host']}" in services
    assert not VALUES["dagsterDaemon"]["enabled"]
    assert not VALUES["ingress"]["enabled"]
    image = VALUES["dagsterWebserver"]["image"]
    assert f"{image['repository']}:{image['tag']}" in json.dumps(PARTS)
