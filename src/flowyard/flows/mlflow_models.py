"""MLflow models as snapshots: the model's folder, its list of packages, and the script that serves it."""

from pathlib import Path

from flowyard.flows.errors import FlowNotFoundError
from flowyard.flows.folders import read_files
from flowyard.flows.format.document import read_document_file

MARK = "MLmodel"
SCRIPT = "mlflow_model.py"
_SCRIPT_TEXT = "from flowyard.endpoints.online.mlflow_model import describe, init, run\n"


def is_mlflow_model(folder: Path) -> bool:
    """Whether a folder is an MLflow model."""
    return (folder / MARK).is_file()


def mlflow_files(folder: Path, packages: str | None = None, *, name: str | None = None) -> dict[str, bytes]:
    """Return the files of a snapshot that serves an MLflow model.

    Args:
        folder: the model's, with the file ``MLmodel``.
        name: what the model's folder is called in the snapshot; None: as it is.
        packages: the text of ``requirements.txt``; None: what the model itself says that it needs.

    Raises:
        FlowNotFoundError: it is no MLflow model, or has no ``python_function``, or does not say what it needs.
        TooLargeError: it is larger than a snapshot may be.
    """
    document, _ = read_document_file(folder / MARK)
    flavors = (document.mapping or {}).get("flavors") if document is not None else None
    if flavors is None or "python_function" not in (flavors.value.mapping or {}):
        raise FlowNotFoundError(
            f"The model {name or folder.name!r} has no flavor python_function.",
            remedy="Save it with MLflow's pyfunc, or write a scoring script.",
        )
    requirements = folder / "requirements.txt"
    if packages is None:
        if not requirements.is_file():
            raise FlowNotFoundError(
                f"The model {name or folder.name!r} has no requirements.txt.", remedy="Save it again with MLflow 1.18 or later, or add one."
            )
        packages = requirements.read_text(encoding="utf-8")
    files = {f"model/{name or folder.name}/{path}": content for path, content in read_files(folder).items()}
    return files | {f"code/{SCRIPT}": _SCRIPT_TEXT.encode(), "requirements.txt": packages.encode()}
