"""What a deployment's file says is to be served: a flow's folder, a scoring script with its model, or a name."""

import io
import re
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from flowyard.client.applying.packages import conda_packages, packages_of
from flowyard.client.applying.reading import Kind, Reading, text_of
from flowyard.flows.errors import FlowNotFoundError, TooLargeError
from flowyard.flows.find import find_flow
from flowyard.flows.folders import files_digest, read_files
from flowyard.flows.format.document import Entry
from flowyard.flows.mlflow_models import SCRIPT, is_mlflow_model, mlflow_files

_MODEL_KEYS: dict[str, Kind] = {
    "$schema": "text", "name": "text", "version": "text", "type": "text", "path": "text", "description": "text", "tags": "texts",
    "properties": "texts", "stage": "text", "flavors": "mapping", "datastore": "text",
}  # fmt: skip
_CODE_KEYS: dict[str, Kind] = {"code": "text", "scoring_script": "text"}
_REFERENCE = re.compile(r"azureml:(?P<name>[\w.-]+?)(?:[:@](?P<version>[\w.-]+))?")
_REGISTRY = re.compile(r"azureml://(?:registries|locations)/.*/models/(?P<name>[\w.-]+)(?:/(?:versions|labels)/(?P<version>[\w.-]+))?")
_PLACES = re.compile(r"[a-z]+://|azureml:")


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Exactly one of: `files` of a snapshot (a flow's, called `flow`; or a script's, with `script`), and `name` (``<name>:<version>``)."""

    name: str | None = None
    flow: str | None = None
    script: str | None = None
    files: Mapping[str, bytes] | None = None

    @property
    def digest(self) -> str | None:
        """The snapshot's digest, as the server computes it."""
        return None if self.files is None else files_digest(dict(self.files))

    def archive(self) -> bytes:
        """Return the files as a zip archive."""
        target = io.BytesIO()
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as packed:
            for path, content in (self.files or {}).items():
                packed.writestr(path, content)
        return target.getvalue()


def source_of(reading: Reading, found: Mapping[str, Entry], folder: Path) -> Source | None:
    """Return what the file's ``model``, ``code_configuration`` and ``environment`` say; None where they are wrong.

    Paths are from `folder`.
    """
    model, code = found.get("model"), found.get("code_configuration")
    path, name = _model(reading, model, folder)
    try:
        if code is not None:
            if name is not None and model is not None:
                remedy = "Give its files: model: {path: ../model}."
                reading.wrong(
                    model.value.place, "ModelUnknown", f"Files of the registered model {name.partition(':')[0]!r} are not here.", remedy
                )
            return _script(reading, code, path, packages_of(reading, found.get("environment"), folder), folder)
        if path is not None and model is not None and is_mlflow_model(path):
            return _mlflow(reading, model, path, found.get("environment"), folder)
        reading.note(found.get("environment"), "A flow's own requirements.txt says what packages it needs; a model needs none.")
        if path is not None and model is not None:
            return _flow(reading, model, path, is_container=_is_container(found.get("environment")))
    except TooLargeError as error:
        entry = code or model
        reading.wrong(entry.place if entry is not None else None, "TooLarge", error.message, error.remedy)
        return None
    if name is not None:
        return Source(name=name)
    if not reading.findings:
        reading.wrong(None, "NothingToServe", "The deployment says nothing that can be served.", "Give model, or code_configuration.")
    return None


def _model(reading: Reading, entry: Entry | None, folder: Path) -> tuple[Path | None, str | None]:
    """Return the model's path, or its ``<name>:<version or label>``."""
    if entry is None:
        return None, None
    if entry.value.mapping is None:
        return _placed(reading, entry, str(text_of(entry)), folder)
    found = reading.keys(entry.value, _MODEL_KEYS, "model")
    path = found.get("path")
    if path is None:
        reading.wrong(entry.place, "KeyMissing", "model has no path.", "Write model: {path: ./model}, or model: azureml:<name>:<version>.")
        return None, None
    return _placed(reading, path, str(text_of(path)), folder)


def _placed(reading: Reading, entry: Entry, text: str, folder: Path) -> tuple[Path | None, str | None]:
    named = _REFERENCE.fullmatch(text) or _REGISTRY.fullmatch(text)
    if named is not None:
        return None, f"{named['name']}:{named['version'] or 'latest'}"
    path = folder / text
    if _PLACES.match(text):
        reading.wrong(entry.value.place, "PlaceUnknown", f"{text!r} cannot be read from here.", "Give a folder beside this file.")
    elif not path.exists():
        remedy = "Give its path from this file's folder, or azureml:<name>:<version>."
        reading.wrong(entry.value.place, "FileMissing", f"There is no file or folder {text!r}.", remedy)
    else:
        return path.resolve(), None
    return None, None


def _is_container(environment: Entry | None) -> bool:
    """Whether the file's image brings its own server."""
    return environment is not None and "inference_config" in (environment.value.mapping or {})


def _flow(reading: Reading, model: Entry, path: Path, *, is_container: bool) -> Source | None:
    try:
        file = find_flow(path)
    except FlowNotFoundError as error:
        remedy = "Give a flow's folder, an MLflow model's, or code_configuration with a scoring script."
        message = "An image with a server of its own is not run here, and its model is no flow." if is_container else error.message
        reading.wrong(model.place, "NoFlow", message, remedy)
        return None
    root = path if path.is_dir() else file.path.parent
    return Source(flow=root.name, files=read_files(root))


def _mlflow(reading: Reading, model: Entry, path: Path, environment: Entry | None, folder: Path) -> Source | None:
    packages = packages_of(reading, environment, folder) if environment is not None else None
    conda = path / "conda.yaml"  # all that MLflow before 1.18 wrote
    if not packages and conda.is_file() and not (path / "requirements.txt").is_file():
        packages = conda_packages(reading, model, conda)
    try:
        return Source(script=SCRIPT, files=mlflow_files(path, packages or None))
    except FlowNotFoundError as error:
        reading.wrong(model.place, "MlflowModel", error.message, error.remedy)
        return None


def _script(reading: Reading, code: Entry, model: Path | None, packages: str, folder: Path) -> Source | None:
    found = reading.keys(code.value, _CODE_KEYS, "code_configuration")
    script, place = text_of(found.get("scoring_script")), text_of(found.get("code"))
    if script is None or place is None:
        reading.wrong(code.place, "KeyMissing", "code_configuration needs code and scoring_script.")
        return None
    root = (folder / place).resolve()
    if _PLACES.match(place):
        reading.wrong(code.place, "PlaceUnknown", f"Registered code {place!r} is not here.", "Give a folder beside this file.")
        return None
    if not (root / script).is_file():
        remedy = "scoring_script is a path from code, and code one from this file's folder."
        reading.wrong(code.place, "FileMissing", f"There is no file {place}/{script}.", remedy)
        return None
    files = {f"code/{name}": content for name, content in read_files(root).items()}
    files["requirements.txt"] = packages.encode()
    if model is not None:
        files |= _model_files(model)
    return Source(script=script, files=files)


def _model_files(model: Path) -> dict[str, bytes]:
    """Return a model's files as the script finds them: a folder keeps its own name, as it does in Azure ML."""
    if model.is_file():
        return {f"model/{model.name}": model.read_bytes()}
    return {f"model/{model.name}/{name}": content for name, content in read_files(model).items()}
