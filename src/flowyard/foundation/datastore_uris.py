"""Addresses of files in datastores, as Azure ML writes them, the short form and the long one::

azureml://datastores/<name>/paths/<path>
azureml://subscriptions/<id>/resourcegroups/<group>/workspaces/<workspace>/datastores/<name>/paths/<path>
"""

import re
from dataclasses import dataclass

from flowyard.foundation.errors import InvalidInputError

SCHEME = "azureml"
_URI = re.compile(
    r"(?:azureml:/*)?"
    r"(?:subscriptions/[^/]+/resource[gG]roups/[^/]+/(?:providers/Microsoft\.MachineLearningServices/)?workspaces/(?P<workspace>[^/]+)/)?"
    r"datastores/(?P<datastore>[A-Za-z0-9][A-Za-z0-9._-]*)(?:/(?:paths(?:/(?P<path>.*))?)?)?",
    re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class DatastoreUri:
    """A file or folder of a datastore; `path` is empty for its root. `workspace` is what the long form names."""

    datastore: str
    path: str
    workspace: str | None = None

    def __str__(self) -> str:
        return f"{SCHEME}://datastores/{self.datastore}/paths/{self.path}"


def parse_datastore_uri(text: str) -> DatastoreUri:
    """Read either form, with or without ``azureml://`` before it.

    Raises:
        InvalidInputError: it has neither form.
    """
    found = _URI.fullmatch(text.lstrip("/"))
    if found is None:
        raise InvalidInputError(f"{text[:300]!r} is no address in a datastore.", remedy="Write azureml://datastores/<name>/paths/<path>.")
    return DatastoreUri(found["datastore"], (found["path"] or "").strip("/"), found["workspace"])
