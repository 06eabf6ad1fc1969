"""What a supervised process and a job are."""

from dataclasses import dataclass, field
from typing import Any, Literal

ProcessState = Literal["starting", "ready", "restarting", "failed", "stopped"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcessSpec:
    """A process to keep running: ``<python> -m <module> <arguments>``.

    Attributes:
        name: unique on its host, ``<role>/<what>``: ``engine/smollm2-135m``, ``replica/<deployment id>/0``, ``session/<user>/<flow>``.
        environment: the whole environment of the child; nothing is inherited but PATH, HOME, LANG and TMPDIR.
        message: sent as JSON on the child's standard input, which is then closed. The place for secrets: it is in no
            environment, argument list, file or log.
        socket: the host binds a loopback port, keeps it over restarts, and hands the listening socket to the child
            (``compute.child``): callers that connect while the child restarts wait instead of failing. False where the
            program binds for itself; it then tells its address when it is ready.
        ready_timeout_s: a start that takes longer has failed.
        idle_timeout_s: stopped when nobody called `touch` for so long; None keeps it.
        stop_timeout_s: between SIGTERM (drain) and SIGKILL.
        niceness: added to the scheduling priority once it is ready, 0 to 19.
        workspace_id: the workspace whose code it runs; None: it runs ours. With ``FLOWYARD_ISOLATION=uid`` it runs under that
            workspace's user id.
        reads: files and folders of ours that it then gets to read.
        writes: folders that are its workspace's own then.
    """

    name: str
    module: str
    arguments: tuple[str, ...] = ()
    python: str | None = None
    environment: dict[str, str] = field(default_factory=dict[str, str])
    message: dict[str, Any] = field(default_factory=dict[str, Any])
    working_directory: str | None = None
    socket: bool = True
    ready_timeout_s: float = 60.0
    idle_timeout_s: float | None = None
    stop_timeout_s: float = 10.0
    niceness: int = 0
    workspace_id: str | None = None
    reads: tuple[str, ...] = ()
    writes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcessStatus:
    """How a supervised process is. `address` is ``host:port``; `digest` identifies the spec; `error` is problem details."""

    name: str
    state: ProcessState
    digest: str
    pid: int | None = None
    address: str | None = None
    restarts: int = 0
    started_ns: int | None = None
    error: dict[str, Any] | None = None
