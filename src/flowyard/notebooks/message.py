"""What the process of a notebook is told when it starts."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class NotebookMessage:
    """A person's Jupyter server.

    Attributes:
        base: the path below which it answers, ``/<id>/``.
        token: opens it; the door alone has it.
        root: the workspace's folder of notebooks, the only one that Jupyter shows.
        flows: the workspace's folder of flows, linked into `root`.
        home: a folder of its own, for Jupyter's settings.
        environments: the home folder below which the environments of flows' packages are.
        url: the gateway's address, for the SDK.
        api_key: the key that the SDK sends.
        user: what the person is called in Jupyter.
    """

    base: str
    token: str = field(repr=False)
    root: str
    flows: str
    home: str
    environments: str
    url: str
    api_key: str = field(repr=False)
    user: str
