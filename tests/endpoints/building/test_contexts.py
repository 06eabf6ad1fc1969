"""``flowyard endpoint build``: what is written, what stays here, and that it serves with nothing but what was written."""

import io
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
import urllib3
import yaml

from flowyard.catalog.cards import built_in_cards
from flowyard.catalog.service import Catalog
from flowyard.connections.model import ResolvedConnection
from flowyard.endpoints.building import kubernetes, program
from flowyard.endpoints.building.context import Deployed, write_model_context
from flowyard.endpoints.building.service import ContextBuilder, ContextOptions, Sources
from flowyard.endpoints.errors import DeploymentInvalidError, DeploymentUnknownError
from flowyard.endpoints.online.model import DeploymentPlan
from flowyard.flows.build.docker import Image
from flowyard.flows.build.errors import BuildError
from flowyard.flows.build.folder import BuildFolder
from flowyard.foundation.settings import Settings
from flowyard.wire.endpoints import DeploymentCreate, DeploymentSettings, EndpointCreate, Probe, ScaleSettings
from local_model import model_store  # noqa: F401
from support.online_installation import Online
from support.open_python import base_python, open_folder

SECRET = "sk-never-in-an-image-4711"
CHAT = """
inputs: {question: {type: string}}
outputs: {answer: {type: string, reference: "${ask.output}"}}
nodes:
- {name: say, type: python, source: {type: code, path: say.py}, inputs: {question: "${inputs.question}"}}
- {name: ask, type: llm, source: {type: code, path: ask.jinja2}, connection: paid, api: chat, inputs: {deployment_name: m}}
"""
SCORE = """
import json, os

def init():
    global factor
    factor = int(open(os.path.join(os.environ["AZUREML_MODEL_DIR"], "factor.txt")).read())

def run(data):
    return {"product": factor * json.loads(data)["x"], "mode": os.environ["MODE"]}
"""


@pytest.fixture
def build(installation: Online, tmp_path: Path) -> Callable[..., Path]:
    """Build the context of the endpoint `support` into a folder of its own, as the command does."""

    def run(deployment: str = "blue", **options: Any) -> Path:
        settings = Settings(home=installation.home)
        catalog = Catalog(installation.home / "models")
        sources = Sources(snapshots=installation.snapshots, connections=installation.connections, catalog=catalog, settings=settings)
        builder = ContextBuilder(installation.service, sources)
        archive = builder.archive(installation.caller, "support", deployment, ContextOptions(**options))
        target = tmp_path / f"context-{deployment}-{len(list(tmp_path.iterdir()))}"
        with zipfile.ZipFile(archive) as packed:
            packed.extractall(target)
        shutil.rmtree(archive.parent)
        return target

    return run


def deploy(installation: Online, **fields: Any) -> None:
    if installation.store.get("w1", "support") is None:
        installation.service.create(installation.caller, EndpointCreate(name="support"))
    installation.run(installation.service.deploy(installation.caller, "support", DeploymentCreate(**fields)))


def deploy_script(installation: Online, **fields: Any) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("code/score.py", SCORE)
        archive.writestr("model/factor.txt", "7")
        archive.writestr("requirements.txt", "jinja2>=3\n")
    digest = installation.snapshots.receive(packed.getvalue()).digest
    deploy(installation, snapshot=digest, script="score.py", **fields)


def connection(name: str, **fields: Any) -> ResolvedConnection:
    return ResolvedConnection(workspace_id="w1", name=name, type="open_ai", secrets={"api_key": f"{SECRET}-{name}"}, **fields)


def instructions(context: Path) -> list[tuple[str, str]]:
    """Parse the Dockerfile: instruction and arguments, comments left out and continued lines joined."""
    lines = (line for line in (context / "Dockerfile").read_text().split("\n") if not line.startswith("#"))
    joined = re.sub(r"\\\n", " ", "\n".join(lines)).splitlines()
    return [(line.split(None, 1)[0], re.sub(r"\s+", " ", line.split(None, 1)[1])) for line in joined if line.strip()]


def objects(context: Path) -> dict[str, Any]:
    """Return the manifest's objects by kind, each checked against Kubernetes' own schema, unknown keys refused."""
    import kubernetes_validate  # two seconds, which every worker would spend where it collects

    found = {entry["kind"]: entry for entry in yaml.safe_load_all((context / kubernetes.FILE).read_text())}
    for entry in found.values():
        for version in ("1.30", "1.34"):
            kubernetes_validate.validate(entry, version, strict=True)
    return found


def contents(context: Path) -> bytes:
    return b"".join(file.read_bytes() for file in context.rglob("*") if file.is_file())


def test_a_flows_context_has_all_it_needs_and_no_secret(installation: Online, build: Callable[..., Path]) -> None:
    folder = installation.write_flow(flow=CHAT)
    (folder / "ask.jinja2").write_text("# user:\nhi")
    (folder / "requirements.txt").write_text("jinja2>=3\n")
    search = connection("search", configs={"place": "north"})
    installation.connections.held = [connection("paid", configs={"base_url": "http://127.0.0.1:9/v1"}), search, connection("unused")]
    variables = {"MODE": SECRET, "PLACE": "${search.place}"}
    probe = Probe(initial_delay=3, period=7, timeout=2, failure_threshold=4)
    settings = DeploymentSettings(ready_within_s=42, liveness_probe=probe)
    deploy(installation, flow="answers", instance_count=2, environment_variables=variables, settings=settings)
    say = (folder / "say.py").read_text()
    (folder / "say.py").write_text("changed since")
    context = build(tag="registry.example.com/support:1")
    assert SECRET.encode() not in contents(context)
    assert "changed since" not in (context / "flow" / "say.py").read_text()
    assert sorted(file.name for file in (context / "connections").glob("*.yaml")) == ["paid.yaml", "search.yaml"]
    assert re.search(r"^jinja2==\d", (context / "requirements.txt").read_text(), re.MULTILINE)
    assert all(
        re.fullmatch(r"[a-z0-9-]+==\S+|\./wheels/\S+\.whl", line) for line in (context / "requirements.txt").read_text().splitlines()
    )
    wanted = ["PAID_API_KEY", "SEARCH_API_KEY", "MODE"]
    assert list(json.loads((context / "settings.json").read_text())) == wanted
    command = json.loads(dict(instructions(context))["CMD"])
    assert command[command.index("--environment-variables") + 1] == "PLACE=${search.place}"
    manifest = (context / kubernetes.FILE).read_text()
    assert "kubectl create secret generic support-blue --from-literal=PAID_API_KEY=... " in manifest
    found = objects(context)
    assert found.keys() == {"Deployment", "Service", "HorizontalPodAutoscaler"}
    pod = found["Deployment"]["spec"]["template"]["spec"]
    (container,) = pod["containers"]
    assert (found["Deployment"]["spec"]["replicas"], container["image"]) == (2, "registry.example.com/support:1")
    assert container["envFrom"] == [{"secretRef": {"name": "support-blue"}}]
    assert container["startupProbe"]["failureThreshold"] * container["startupProbe"]["periodSeconds"] == 45
    live = {key: value for key, value in container["livenessProbe"].items() if key != "httpGet"}
    assert live == {"timeoutSeconds": 2, "initialDelaySeconds": 3, "periodSeconds": 7, "failureThreshold": 4}
    assert (pod["securityContext"]["runAsNonRoot"], container["securityContext"]["readOnlyRootFilesystem"]) == (True, True)
    scaler = found["HorizontalPodAutoscaler"]["spec"]
    assert (scaler["minReplicas"], scaler["maxReplicas"], scaler["scaleTargetRef"]["name"]) == (2, 8, "support-blue")
    (folder / "say.py").write_text(say)
    scale = ScaleSettings(type="target_utilization", min_instances=1, max_instances=5)
    deploy(installation, flow="answers", name="green", settings=DeploymentSettings(scale=scale))
    scaled = objects(build("green"))["HorizontalPodAutoscaler"]["spec"]
    assert (scaled["minReplicas"], scaled["maxReplicas"]) == (1, 5)
    selector = found["Deployment"]["spec"]["selector"]["matchLabels"]
    assert found["Service"]["spec"]["selector"] == selector
    assert selector.items() <= found["Deployment"]["spec"]["template"]["metadata"]["labels"].items()


def test_every_dockerfile_keeps_the_rules(installation: Online, build: Callable[..., Path]) -> None:
    installation.write_flow()
    deploy(installation, flow="answers", name="flow")
    deploy_script(installation, name="script")
    for deployment, options in (("flow", {}), ("script", {"base": "cuda"}), ("flow", {"image": "registry.example.com/base:3"})):
        context = build(deployment, **options)
        found = instructions(context)
        names = [name for name, _ in found]
        user = names.index("USER")
        assert int(found[user][1]) > 0
        assert all(index < user for index, name in enumerate(names) if name in {"RUN", "COPY"})
        assert user < names.index("CMD")
        assert "/health" in dict(found)["HEALTHCHECK"]
        assert all((context / rest.split()[0]).exists() for name, rest in found if name == "COPY")
        assert ("NVIDIA_VISIBLE_DEVICES" in dict(found)["ENV"]) is (options.get("base") == "cuda")
        limits = objects(context)["Deployment"]["spec"]["template"]["spec"]["containers"][0]["resources"]["limits"]
        assert limits.get("nvidia.com/gpu") == ("1" if options.get("base") == "cuda" else None)
        assert dict(found)["FROM"] == options.get("image", found[0][1])
        assert re.fullmatch(r"python:\d+\.\d+\.\d+-slim-bookworm|registry\.example\.com/base:3", found[0][1])


def test_an_image_of_a_model_on_a_card_asks_for_vllm(tmp_path: Path) -> None:
    card = built_in_cards()["smollm2-135m"]
    card = msgspec.structs.replace(card, engine=msgspec.structs.replace(card.engine, kind="vllm"))
    folder = BuildFolder(tmp_path / "out")
    built = write_model_context(folder, card, Deployed(folder=tmp_path, python=Path(sys.executable)), Image(name="big", gpu=True))
    assert built.variables == (program.KEY,)
    lines = (tmp_path / "out" / "requirements.txt").read_text().splitlines()
    assert lines[-1] == "vllm>=0.10", "there is none here whose version could be pinned"
    assert all("==" in line or line.startswith("./wheels/") for line in lines[:-1])


def test_what_cannot_be_built_is_told(installation: Online, build: Callable[..., Path]) -> None:
    folder = installation.write_flow(flow=CHAT)
    (folder / "ask.jinja2").write_text("# user:\nhi")
    deploy(installation, flow="answers")
    with pytest.raises(BuildError, match="'paid', which is no connection that can be taken along"):
        build()
    with pytest.raises(DeploymentUnknownError):
        build("green")
    installation.service.deploy(installation.caller, "support", DeploymentCreate(name="fresh", flow="answers"))
    with pytest.raises(DeploymentInvalidError, match="Nothing has served as support/fresh yet"):
        build("fresh")


def clean(tmp_path: Path, **variables: str) -> dict[str, str]:
    """An environment in which nothing of this checkout is found."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "VIRTUAL_ENV", "FLOWYARD_"))}
    return {**kept, "FLOWYARD_HOME": str(tmp_path / "elsewhere"), **variables}


def serve(context: Path, python: Path, environment: dict[str, str], ask: Callable[[int], Any]) -> Any:
    """Run the CMD of the Dockerfile until its HEALTHCHECK passes, ask, and end it as a container's runtime does."""
    port, found = free_port(), dict(instructions(context))
    words = [word.replace("8080", str(port)).replace("0.0.0.0", "127.0.0.1") for word in json.loads(found["CMD"])]
    check = [word.replace("8080", str(port)) for word in json.loads(found["HEALTHCHECK"].partition("CMD ")[2])]
    command = [str(python.parent / words[0]), *words[1:]]
    other: dict[str, Any] = {}
    if os.getuid() == 0 and python != Path(sys.executable):
        # What the image has is root's, so its user can write none of it.
        other = {"user": int(found["USER"]), "group": int(found["USER"]), "extra_groups": []}
    with subprocess.Popen(command, cwd=context, env=environment, stderr=subprocess.PIPE, text=True, **other) as process:
        try:
            for _ in range(300):
                if subprocess.run([str(python), *check[1:]], capture_output=True, check=False).returncode == 0:
                    break
                assert process.poll() is None, process.communicate()[1]
                time.sleep(0.2)
            return ask(port)
        finally:
            process.send_signal(signal.SIGTERM)
            process.communicate(timeout=30)
            assert process.returncode == 0


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as found:
        return int(found.getsockname()[1])


def post(port: int, path: str, body: Any, **headers: str) -> Any:
    return urllib3.request("POST", f"http://127.0.0.1:{port}{path}", json=body, headers=headers, retries=False, timeout=60).json()


@pytest.fixture
def image() -> Iterator[Path]:
    """A folder with a fresh Python that the image's user gets to, where tests may become that user; else with our own."""
    with open_folder() as folder:
        base = base_python() if os.getuid() == 0 else sys.executable
        subprocess.run([base, "-m", "venv", "--without-pip", str(folder / "python")], check=True)
        yield folder


@pytest.mark.integration
@pytest.mark.timeout(300)
def test_images_of_a_flow_and_of_a_script_answer(installation: Online, build: Callable[..., Path], image: Path) -> None:
    """Do by hand what the Dockerfiles say: a fresh Python, the RUN, the COPYs, the USER, the CMD, the health check."""
    folder = installation.write_flow()
    (folder / "requirements.txt").write_text("jinja2>=3\n")
    deploy(installation, flow="answers", name="flow")
    deploy_script(installation, name="script", environment_variables={"MODE": "fast"})
    python = image / "python" / "bin" / "python"
    contexts = {name: shutil.move(build(name), image / name) for name in ("flow", "script")}
    (install,) = [rest.split()[3:] for name, rest in instructions(contexts["script"]) if name == "RUN" and "pip" in rest]
    pip = [sys.executable, "-m", "pip", "--python", str(python), *install]
    subprocess.run([*pip, "-q", "--disable-pip-version-check"], cwd=contexts["script"], env=clean(image), check=True)
    assert len({(context / "requirements.txt").read_text() for context in contexts.values()}) == 1
    answer = serve(contexts["flow"], python, clean(image), lambda port: post(port, "/score", {"question": "why"}))
    assert answer["answer"].startswith("1 why ")
    answer = serve(contexts["script"], python, clean(image, MODE="slow"), lambda port: post(port, "/score", {"x": 6}))
    assert answer == {"product": 42, "mode": "slow"}
    assert not (image / "elsewhere").exists()


@pytest.mark.integration
def test_an_image_of_a_model_answers_with_its_key(
    installation: Online,
    build: Callable[..., Path],
    tmp_path: Path,
    model_store: Path,  # noqa: F811
) -> None:
    (installation.home / "models").symlink_to(model_store)
    installation.service.create(installation.caller, EndpointCreate(name="support"))
    installation.service.deploy(installation.caller, "support", DeploymentCreate(model="smollm2-135m"))
    (begun,) = installation.store.find("w1")[0].deployments
    installation.store.switch(begun.id, 1, DeploymentPlan(model="smollm2-135m"), "owner")
    context = build()
    found = instructions(context)
    assert ("RUN", "FLOWYARD_HOME=/app flowyard model pull smollm2-135m") in found
    assert re.search(r"^xllamacpp==", (context / "requirements.txt").read_text(), re.MULTILINE)
    (container,) = objects(context)["Deployment"]["spec"]["template"]["spec"]["containers"]
    assert container["envFrom"]
    assert container["resources"]["requests"]["memory"] == "781Mi", "256, what its contexts take, and its 94 MiB one and a half times"
    refused = subprocess.run(
        [sys.executable, "-m", program.MODULE, "model", "smollm2-135m"],
        cwd=context,
        env=clean(tmp_path),
        capture_output=True,
        text=True,
        check=False,
    )
    assert (refused.returncode, f"The variable {program.KEY} is not set" in refused.stderr) == (2, True)
    (context / program.MODELS).symlink_to(model_store)  # what the RUN does
    body = {"model": "smollm2-135m", "messages": [{"role": "user", "content": "Say hi."}], "max_tokens": 4}
    given = clean(tmp_path, **{program.KEY: "mine"})

    def ask(port: int) -> tuple[Any, Any]:
        path = "/v1/chat/completions"
        return post(port, path, body, authorization="Bearer mine"), post(port, path, body, authorization="Bearer other")

    answered, turned_away = serve(context, Path(sys.executable), given, ask)
    assert answered["choices"][0]["message"]["content"]
    assert turned_away["error"]["code"] == 401
