"""What an image's context has in it, for each kind of deployment."""

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from flowyard.catalog.cards import Card
from flowyard.connections.model import ResolvedConnection
from flowyard.endpoints.building import program
from flowyard.endpoints.online.specs import REFERENCE, handed_over, replica_environment
from flowyard.flows.build.bundle import FlowParts, serving_words, write_flow, write_requirements
from flowyard.flows.build.connections import without_its_secrets
from flowyard.flows.build.docker import Image, write_image
from flowyard.flows.build.errors import BuildError
from flowyard.flows.build.folder import BuildFolder, Built
from flowyard.flows.build.formats import Format
from flowyard.flows.environments.requirements import NOTHING, read_requirements
from flowyard.flows.folders import read_files
from flowyard.flows.model import FlowSpec
from flowyard.flows.serving.requests import INIT_VARIABLE
from flowyard.foundation.codecs import to_json
from flowyard.inference.engines import PACKAGES
from flowyard.wire.connections import ConnectionWrite


@dataclass(frozen=True, slots=True, kw_only=True)
class Deployed:
    """What a deployment was made of: its snapshot's folder, the interpreter that has its packages, and what it was told."""

    folder: Path
    python: Path
    variables: dict[str, str] = field(default_factory=dict[str, str])
    init: dict[str, Any] = field(default_factory=dict[str, Any])

    @property
    def secret_variables(self) -> tuple[str, ...]:
        """The variables whose values stay here: any of them may be a secret, but one that says where in a connection to look."""
        own = replica_environment(self.variables, self.init)
        kept = [name for name in (*self.variables, INIT_VARIABLE) if name in own and not self._refers(name)]
        return tuple(kept)

    @property
    def references(self) -> dict[str, str]:
        """The variables that are ``${connection.key}``."""
        return {name: value for name, value in self.variables.items() if self._refers(name)}

    def _refers(self, name: str) -> bool:
        return REFERENCE.fullmatch(self.variables.get(name, "")) is not None


def write_flow_context(
    folder: BuildFolder, spec: FlowSpec, deployed: Deployed, connections: list[ResolvedConnection], image: Image
) -> Built:
    """Write the context of a flow, with those of `connections` that it uses, without their secrets.

    Raises:
        BuildError: a node calls a model of this machine, or a package is no file that can be taken along.
    """
    models = {node.connection for node in spec.nodes if node.connection}
    named = {found for reference in deployed.references.values() for found in REFERENCE.findall(reference)}
    used = models | named | handed_over(spec, connections, deployed.init).keys()
    given = {
        found.name: without_its_secrets(ConnectionWrite(name=found.name, type=found.type, configs=found.configs, secrets=found.secrets))
        for found in connections
        if found.name in used
    }
    missing = sorted(models - given.keys())
    if missing:
        raise BuildError(
            f"The flow calls its model through {', '.join(map(repr, missing))}, which is no connection that can be taken along.",
            remedy="A model of this machine is an image of its own: deploy it, build it, and let a connection of the flow lead there.",
        )
    words = serving_words(spec, deployed.folder, given, None)
    for name, reference in deployed.references.items():
        words += ["--environment-variables", f"{name}={reference}"]
    parts = FlowParts(
        spec=spec,
        source=deployed.folder,
        connections=given,
        python=deployed.python,
        words=words,
        variables=deployed.secret_variables,
        image=image,
    )
    return write_flow(parts, folder, Format.DOCKER)


def write_script_context(folder: BuildFolder, told: program.Script, deployed: Deployed, image: Image) -> Built:
    """Write the context of a scoring script: its code, its model, its packages.

    Raises:
        BuildError: a package is no file that can be taken along.
    """
    requirements = read_requirements(deployed.folder, None)
    packages = write_requirements(folder, requirements, deployed.python)
    for path, content in read_files(deployed.folder).items():
        folder.write(f"{program.SCRIPT}/{path}", content)
    folder.write(f"{program.SCRIPT}/{program.TOLD}", to_json(told))
    command = ("python", "-m", program.MODULE, "script")
    variables = deployed.secret_variables
    write_image(folder, replace(image, command=command, folders=(program.SCRIPT,), variables=variables))
    return folder.finish(Format.DOCKER.value, packages, variables, tuple(line.text for line in requirements.dropped))


def write_model_context(folder: BuildFolder, card: Card, deployed: Deployed, image: Image) -> Built:
    """Write the context of a model: its engine's packages. The weights are pulled when the image is built, and their hashes compared.

    Raises:
        BuildError: no engine runs the model, or its files are on this machine only.
    """
    if card.engine is None or not any(address for file in card.files for address in file.sources):
        raise BuildError(f"The model {card.name!r} does not run in an image.", remedy="Call it through a connection.")
    packages = write_requirements(folder, NOTHING, deployed.python, PACKAGES[card.engine.kind])
    variables = (program.KEY, *deployed.secret_variables)
    prepare = (f"FLOWYARD_HOME=/app flowyard model pull {card.name}",)
    command = ("python", "-m", program.MODULE, "model", card.name)
    write_image(folder, replace(image, command=command, variables=variables, prepare=prepare))
    return folder.finish(Format.DOCKER.value, packages, variables)
