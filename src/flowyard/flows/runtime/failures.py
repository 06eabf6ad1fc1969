"""From an exception in a node to problem details: file, line and node of the user's code, and prompt flow's nested error."""

import linecache
import traceback
from pathlib import Path
from types import TracebackType
from typing import Any

from flowyard.flows.model import Place
from flowyard.flows.runtime.model_failures import FAMILY, model_failure
from flowyard.flows.runtime.plan import Executable
from flowyard.foundation.errors import FlowyardError, Location, Problem

#: Where our own code is.
_OURS = str(Path(__file__).parents[2])
_USER, _SYSTEM = "UserError", "SystemError"
_ROOT_CODES = {"UserErrorException": _USER, "SystemErrorException": _SYSTEM, "ValidationException": "ValidationError"}


def node_problem(error: BaseException, node: str, folder: Path, place: Place, called: Executable) -> Problem:
    """Return what failed in node `node`, when it was `called`.

    The location is the deepest frame that is in the flow's folder, and ``extra["source_line"]`` the text of that line; else where the
    node stands in the flow file (`place`).
    """
    frame = _user_frame(error.__traceback__, folder)
    location = _location(error, frame, folder, place)
    family: str | None = None
    if isinstance(error, FlowyardError):
        problem = error.problem()
        code, detail, status, remedy = problem.code, f"Node {node!r} failed: {problem.detail}", problem.status, problem.remedy
        extra = dict(problem.extra)
        family = FAMILY if (failed := model_failure(error)) else None
        if failed is not None:
            code, extra["cause"] = failed, problem.code
        if called.error_code is not None:
            code, detail = called.error_code, f"Execution failure in {called.label or node!r}: ({problem.code}) {problem.detail}"
            extra["cause"] = problem.code
    else:
        code, remedy, extra = called.error_code or raised_code(error), None, {}
        status = 500 if any(kind.__name__ == "SystemErrorException" for kind in type(error).__mro__) else 400
        detail = f"Execution failure in {called.label or node!r}: ({type(error).__name__}) {error}"
    info = {
        "type": type(error).__name__,
        "message": str(error),
        "traceback": _text(error, frame),
        "filename": str(folder / location.file) if location.file else None,
        "lineno": location.line,
        "name": frame.tb_frame.f_code.co_name if frame else None,
    }
    extra |= {"node": node, "exception": type(error).__name__, "traceback": info["traceback"]}
    source = _source_line(folder, location)
    if source:
        extra["source_line"] = source
    extra["error"] = nested(code, detail, details=info, system=status >= 500 and family is None, family=family)
    return Problem(code=code, title="A node failed", status=status, detail=detail, remedy=remedy, location=location, extra=extra)


def raised_code(error: BaseException) -> str:
    """Return the code of what a tool raised: prompt flow's own errors keep theirs, all others are ToolExecutionError."""
    from flowyard.flows.promptflow.exceptions import PromptflowException

    if not isinstance(error, PromptflowException):
        return "ToolExecutionError"
    return _ROOT_CODES.get(type(error).__name__, type(error).__name__)


def line_problem(error: FlowyardError, place: Place | None = None) -> Problem:
    """Return a failure of the line itself: of its outputs, or of its inputs."""
    problem = error.problem()
    location = problem.location or (Location(file=place.file, line=place.line, column=place.column) if place else None)
    return Problem(
        code=problem.code,
        title=problem.title,
        status=problem.status,
        detail=problem.detail,
        remedy=problem.remedy,
        location=location,
        extra={**problem.extra, "error": nested(problem.code, problem.detail, system=problem.status >= 500)},
    )


def nested(
    code: str, message: str, *, details: dict[str, Any] | None = None, system: bool = False, family: str | None = None
) -> dict[str, Any]:
    """Return the error as prompt flow nests it: whose fault, then what, below its `family` where it has one."""
    inner: dict[str, Any] = {"code": code, "innerError": None}
    if family:
        inner = {"code": family, "innerError": inner}
    tree: dict[str, Any] = {"code": _SYSTEM if system else _USER, "message": message, "innerError": inner}
    if details:
        tree["additionalInfo"] = [{"type": "ToolExecutionErrorDetails", "info": details}]
    return tree


def _location(error: BaseException, frame: TracebackType | None, folder: Path, place: Place) -> Location:
    if isinstance(error, SyntaxError) and error.filename:
        return Location(file=_relative(error.filename, folder), line=error.lineno, column=error.offset)
    if isinstance(error, FlowyardError) and error.location is not None:
        return error.location
    if frame is not None:
        return Location(file=_relative(frame.tb_frame.f_code.co_filename, folder), line=frame.tb_lineno)
    return Location(file=place.file, line=place.line, column=place.column)


def _user_frame(trace: TracebackType | None, folder: Path) -> TracebackType | None:
    prefix, found = f"{folder}/", None
    while trace is not None:
        if trace.tb_frame.f_code.co_filename.startswith(prefix):
            found = trace
        trace = trace.tb_next
    return found


def _text(error: BaseException, frame: TracebackType | None) -> str:
    if frame is None:
        return "".join(traceback.format_exception_only(error))
    first, folder = error.__traceback__, frame.tb_frame.f_code.co_filename
    while first is not None and first.tb_frame.f_code.co_filename != folder:
        first = first.tb_next
    told = traceback.TracebackException(type(error), error, first)
    _without_ours(told)
    return "".join(told.format())


def _without_ours(told: traceback.TracebackException | None) -> None:
    """Cut our own frames out of a traceback and of those of its causes."""
    if told is None:
        return
    told.stack = traceback.StackSummary.from_list(frame for frame in told.stack if not frame.filename.startswith(_OURS))
    _without_ours(told.__cause__)
    _without_ours(told.__context__)


def _source_line(folder: Path, location: Location) -> str | None:
    """Return the text of a line of the user's code, when it is Python; a line of a flow file or of a prompt is shown by its place."""
    if location.file is None or location.line is None or not location.file.endswith(".py"):
        return None
    file = str(folder / location.file)
    linecache.checkcache(file)
    return linecache.getline(file, location.line).strip() or None


def _relative(filename: str, folder: Path) -> str:
    path = Path(filename)
    return str(path.relative_to(folder)) if path.is_relative_to(folder) else filename
