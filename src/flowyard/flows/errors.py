"""What can go wrong with a flow, from its YAML to a line that fails."""

import traceback

from flowyard.foundation.errors import ConflictError, FlowyardError, InvalidInputError, NotFoundError, Problem, nearest


class FlowError(FlowyardError):
    """Base of the errors of this room."""

    code = "FlowError"
    title = "The flow has a problem"
    status = 400


class InvalidFlowError(InvalidInputError):
    """A flow's files cannot be used as they are; `findings` has every error and warning with file, line and column."""

    code = "InvalidFlow"
    title = "The flow is not valid"


class FlowNotFoundError(NotFoundError):
    """There is no flow there."""

    code = "FlowNotFound"
    title = "No such flow"


class NodeNotFoundError(NotFoundError):
    """The flow has no such node."""

    code = "NodeNotFound"
    title = "No such node"

    def __init__(self, name: str, *, known: list[str]) -> None:
        near = nearest(name, known)
        remedy = f"Did you mean {near!r}?" if near else f"It has {', '.join(known)}." if known else "It has none."
        super().__init__(f"The flow has no node {name!r}.", remedy=remedy)


class NodeOutputMissingError(InvalidInputError):
    """A part of a flow needs what a node gave that does not run; `extra["nodes"]` are all of these."""

    code = "NodeOutputMissing"
    title = "What a node gave is not known"

    def __init__(self, node: str, reference: str, missing: list[str]) -> None:
        names = ", ".join(missing)
        super().__init__(
            f"Node {node!r} takes {reference}, and what {names} gave is not known.",
            remedy=f"Run {names} first, or give the output: --inputs {missing[0]}.output=... on the command line, "
            f'"outputs": {{"{missing[0]}": ...}} in a request, or a run that has it.',
            extra={"node": node, "nodes": missing},
        )


class PartUnsupportedError(InvalidInputError):
    """This flow only runs as a whole."""

    code = "PartUnsupported"
    title = "This flow has no parts"


class FormerRunError(InvalidInputError):
    """A former run cannot be built on."""

    code = "FormerRun"
    title = "This is no run of the flow"


class FlowFileNotFoundError(NotFoundError):
    """There is no such file in the flow's folder."""

    code = "FlowFileNotFound"
    title = "No such file"


class FlowExistsError(ConflictError):
    """The name is taken."""

    code = "FlowExists"
    title = "A flow of this name exists"


class FileChangedError(ConflictError):
    """A file is not the version that the writer had in hand (If-Match)."""

    code = "FileChanged"
    title = "Somebody else changed the file"
    status = 412


class UnsafePathError(InvalidInputError):
    """A path leaves its folder, is absolute, or goes through a link."""

    code = "UnsafePath"
    title = "This path is not allowed"


class TooLargeError(InvalidInputError):
    """Something is larger than its limit."""

    code = "TooLarge"
    title = "Too large"
    status = 413


class ToolError(FlowError):
    """A tool could not be loaded: no module, no function, more than one."""

    code = "ToolLoadError"
    title = "A tool cannot be loaded"
    exit_code = 2


class TemplateError(FlowError):
    """A prompt template cannot be read or rendered."""

    code = "JinjaTemplateError"
    title = "A template is wrong"
    advice = "Correct the template there."


class PromptFormatError(FlowError):
    """A rendered prompt is not in the form that the chat API needs."""

    code = "ChatAPIInvalidRole"
    title = "The prompt has no valid roles"


class ModelParameterError(FlowError):
    """A parameter of an LLM node has a value that cannot be sent."""

    code = "InvalidModelParameter"
    title = "A model parameter is not valid"


class UnknownConnectionError(FlowError):
    """A node names a connection that is not there."""

    code = "GetConnectionError"
    title = "No such connection"
    exit_code = 2

    def __init__(self, name: str, *, known: tuple[str, ...] = (), remedy: str | None = None) -> None:
        given = f" Known: {', '.join(sorted(known))}." if known else ""
        super().__init__(
            f"There is no connection {name!r}.{given}",
            remedy=remedy
            or f"Create it with `flowyard connection create --file FILE.yaml --name {name}`, or give --connections-file; "
            "the connection 'local' needs a running installation (`flowyard up`).",
        )


class UnknownConnectionKeyError(FlowError):
    """An environment variable takes a value of a connection that it does not have."""

    code = "GetConnectionError"
    title = "No such value of a connection"
    exit_code = 2


class InitInvalidError(InvalidInputError):
    """A flow cannot be made with the `init` values that it is given."""

    code = "InvalidInit"
    title = "The flow cannot be made with these values"


class InputNotFoundError(InvalidInputError):
    """A flow input without a default got no value."""

    code = "InputNotFound"
    title = "An input is missing"


class InputTypeError(InvalidInputError):
    """A flow input's value does not fit its type."""

    code = "InputTypeError"
    title = "An input has the wrong type"


class InputParseError(InputTypeError):
    """A flow input's text should be JSON, and is none."""

    code = "InputParseError"


class FlowOutputUnserializableError(FlowError):
    """A flow's output cannot be written as JSON."""

    code = "FlowOutputUnserializable"
    title = "An output cannot be written as JSON"


class UnsupportedReferenceError(FlowError):
    """A reference asks for something else than a node's ``output``."""

    code = "UnsupportedReference"
    title = "This reference is not supported"


class ReferencePropertyError(FlowError):
    """A property path does not exist in the value that a reference points to."""

    code = "InvalidReferenceProperty"
    title = "A reference names a property that is not there"


class LineFailedError(FlowyardError):
    """A line of a flow failed; `failure` says where and why, `extra["error"]` in the nested form that prompt flow has."""

    code = "FlowFailed"
    title = "The flow failed"
    status = 400

    def __init__(self, problem: Problem) -> None:
        super().__init__(
            problem.detail, remedy=problem.remedy, location=problem.location, findings=problem.findings, extra=dict(problem.extra)
        )
        self.failure = problem

    def problem(self, instance: str | None = None) -> Problem:
        """Return the failure as problem details."""
        del instance
        return self.failure


class PreconditionMissingError(FlowyardError):
    """A write does not say which version it replaces."""

    code = "PreconditionRequired"
    title = "Say which version you replace"
    status = 428


class SessionError(FlowyardError):
    """A flow's session does not answer as it should."""

    code = "SessionFailed"
    title = "The flow's session failed"
    status = 502


class SessionDiedError(SessionError):
    """The process that ran the flow ended while it ran."""

    code = "SessionDied"
    title = "The flow's process ended"

    def __init__(self, how: str = "ended", log: tuple[str, ...] = ()) -> None:
        super().__init__(
            f"The flow's process {how} while the flow ran.",
            remedy="It is started again, and the inputs are kept: run once more. When it happens again, look for what the flow's code does "
            "to its process: the memory that it takes, os._exit, native code.",
            extra={"log": list(log)},
        )


class NodeTimeoutError(FlowError):
    """A call of a node took longer than the node's ``timeout_s``."""

    code = "NodeTimeout"
    title = "A node took too long"
    status = 504


class LineTimeoutError(FlowError):
    """A row took longer than the run allows."""

    code = "LineExecutionTimeoutError"
    title = "A row took too long"
    status = 504

    def __init__(self, seconds: float) -> None:
        super().__init__(f"The row ran longer than {seconds:g} s.", remedy="Give it more time: --timeout SECONDS.")


class EngineError(FlowError):
    """Something of ours failed, not of the flow's."""

    code = "UnexpectedError"
    title = "Flowyard failed"
    status = 500

    def __init__(self, error: BaseException) -> None:
        trace = "".join(traceback.format_exception(error))
        super().__init__(
            f"{type(error).__name__}: {error}", remedy="This is a fault of Flowyard: please report it.", extra={"traceback": trace}
        )
