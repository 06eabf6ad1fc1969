"""Rules over a prompty: its template can be read, is fed, and its model can be found."""

from collections.abc import Iterator

from flowyard.flows.model import FlowSpec, Place, PromptSpec
from flowyard.flows.prompty.place import TYPES
from flowyard.foundation.errors import nearest
from flowyard.wire.flow_terms import Finding, Severity


def prompt_findings(flow: FlowSpec) -> Iterator[Finding]:
    """Yield what is wrong with a prompty beyond the shape of its front matter."""
    prompt = flow.prompt
    if prompt is None:
        return
    yield from _template(flow, prompt)
    yield from _model(flow, prompt)


def _template(flow: FlowSpec, prompt: PromptSpec) -> Iterator[Finding]:
    from flowyard.flows.nodes.template import template_problem, template_variables

    problem = template_problem(prompt.template)
    if problem is not None:
        place = Place(flow.file, prompt.line + problem[1] - 1, 1)
        yield _finding("InvalidTemplate", "error", f"The prompt is wrong: {problem[0].rstrip('.')}.", None, place)
    for name, line in template_variables(prompt.template).items():
        if name not in flow.inputs:
            near = nearest(name, list(flow.inputs))
            message = f"The prompt uses {name!r}, which is no input: it renders as nothing."
            remedy = f"Did you mean {near!r}?" if near else f"Add {name!r} to the inputs."
            yield _finding("TemplateVariableNotFed", "warning", message, remedy, Place(flow.file, prompt.line + line - 1, 1))


def _model(flow: FlowSpec, prompt: PromptSpec) -> Iterator[Finding]:
    configuration, place = prompt.configuration, flow.nodes[0].place
    if not configuration:
        return
    written = str(configuration.get("type") or "")
    if not configuration.get("connection") and written != "local" and written not in TYPES:
        near = nearest(written, list(TYPES))
        remedy = f"Did you mean {near!r}?" if near else f"Write one of {', '.join(TYPES)}, or `connection: <name>`."
        yield _finding("UnknownConnectionType", "error", f"The configuration's type is {written!r}, which has no models.", remedy, place)
    if not (configuration.get("azure_deployment") or configuration.get("model")):
        remedy = "Add azure_deployment: ... (Azure OpenAI), or model: ..."
        yield _finding("MissingModel", "warning", "The configuration names no model.", remedy, place)


def _finding(code: str, severity: Severity, message: str, remedy: str | None, place: Place) -> Finding:
    return Finding(code=code, severity=severity, message=message, remedy=remedy, file=place.file, line=place.line, column=place.column)
