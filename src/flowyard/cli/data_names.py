"""How commands name data assets."""

from flowyard.foundation.references import parse_reference


def read_asset(text: str) -> tuple[str, str]:
    """Return name and version of ``NAME``, ``NAME:VERSION``, ``azureml:NAME:VERSION`` or ``azureml:NAME@LABEL``.

    Raises:
        InvalidInputError: it is none of these.
    """
    reference = parse_reference(text if text.startswith(("azureml:", "flowyard://")) else f"azureml:{text}", kind="data")
    return reference.name, reference.version or reference.label or "latest"
