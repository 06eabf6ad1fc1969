"""What the editors of a flow's files ask while somebody types."""

from typing import Annotated

from starlette.concurrency import run_in_threadpool

from flowyard.flows.flex.source import entry_report
from flowyard.flows.nodes.source import report
from flowyard.identity.model import Caller
from flowyard.server.deps import ServicesDep, allow
from flowyard.server.routing import api_router
from flowyard.wire.flow_editing import (
    CodePlace,
    Completions,
    Explanation,
    NodePrompt,
    PromptQuery,
    RenderedPrompt,
    Signatures,
    SourceQuery,
    SourceReport,
)

router = api_router("flow_editing", "/workspaces/{workspace}/flows/{flow}")
Writer = Annotated[Caller, allow("flows:write")]
Runner = Annotated[Caller, allow("flows:run")]


@router.post("/source")
def read_source(flow: str, body: SourceQuery, caller: Writer) -> SourceReport:
    """Say what the text of a file says of itself: variables of a template, tools or the entry of Python code, mistakes. None of it runs."""
    del flow, caller
    return report(body.path, body.text) if body.entry is None else entry_report(body.path, body.text, body.entry)


@router.post("/nodes/{node}/prompt")
async def render_prompt(flow: str, node: str, body: PromptQuery, caller: Runner, services: ServicesDep) -> RenderedPrompt:
    """Show a node's prompt with values, as it would be sent, in the flow's own session. No model is called."""
    from flowyard.flows.session_stream import rendered_prompt  # aiohttp, which nothing else here needs

    target = await run_in_threadpool(services.flows.session, caller, flow)
    return await rendered_prompt(target, NodePrompt(node=node, inputs=body.inputs, variant=body.variant))


@router.post("/completions")
async def complete_code(flow: str, body: CodePlace, caller: Runner, services: ServicesDep) -> Completions:
    """Offer the names that can go on at a place of a Python file's text, in the flow's own session. The text is not run."""
    from flowyard.flows.session_stream import completions  # as above

    return await completions(await run_in_threadpool(services.flows.session, caller, flow), body)


@router.post("/explanation")
async def explain_code(flow: str, body: CodePlace, caller: Runner, services: ServicesDep) -> Explanation:
    """Say what the name at a place of a Python file's text is, in the flow's own session. The text is not run."""
    from flowyard.flows.session_stream import explanation  # as above

    return await explanation(await run_in_threadpool(services.flows.session, caller, flow), body)


@router.post("/signatures")
async def show_signatures(flow: str, body: CodePlace, caller: Runner, services: ServicesDep) -> Signatures:
    """Say how what is called at a place of a Python file's text is called, in the flow's own session. The text is not run."""
    from flowyard.flows.session_stream import signatures  # as above

    return await signatures(await run_in_threadpool(services.flows.session, caller, flow), body)
