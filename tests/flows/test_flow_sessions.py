"""Test runs of the flow that somebody edits: real session processes under a real supervisor, and a scripted gateway."""

import asyncio
import json
import os
import signal
import time
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, cast

import pytest

from flowyard.connections.model import ResolvedConnection
from flowyard.flows import session as flow_session
from flowyard.flows.authoring import FlowStore
from flowyard.flows.errors import FlowNotFoundError, PreconditionMissingError, SessionError
from flowyard.flows.service import FlowService
from flowyard.flows.serving.asgi import lifespan
from flowyard.flows.session_stream import TestStream, tool_values, tools
from flowyard.flows.sessions import Sessions, SessionTarget
from flowyard.flows.snapshots import SnapshotStore
from flowyard.flows.tools.values import ToolValuesError
from flowyard.foundation.errors import RemoteError
from flowyard.foundation.settings import Settings
from flowyard.identity.model import Caller
from flowyard.inference.providers.scripted_app import ScriptedApp
from flowyard.testing.process_host import eventually, running_supervisor
from flowyard.tracing.guarding import TraceGuards, conversation_key
from flowyard.wire.flows import FlowCreate, ToolValuesQuery
from support.asgi_server import serving
from support.guards import MemoryGuardStore
from support.tool_packages import install

pytestmark = pytest.mark.integration

CALLER = Caller(workspace_id="w1", workspace="default", actor="ann", kind="user", role="owner")
HEAD = "from promptflow.core import tool\n\n@tool\n"


@dataclass
class Keys:
    issued: list[str] = field(default_factory=list)
    revoked: list[str] = field(default_factory=list)
    acts_for: list[str | None] = field(default_factory=list)

    def issue(
        self, workspace_id: str, name: str, role: str, *, scope: str, expires_ns: int | None = None, acts_for: str | None = None
    ) -> str:
        self.issued.append(scope)
        self.acts_for.append(acts_for)
        return f"key-{len(self.issued)}-secret-value"

    def revoke_scope(self, workspace_id: str, scope: str) -> None:
        self.revoked.append(scope)


class Connections:
    def resolve_all(self, workspace_id: str | None = None) -> list[ResolvedConnection]:
        secret = {"key": "very-secret-value"}
        return [
            ResolvedConnection(workspace_id="w1", name="mine", type="custom", configs={"url": "u"}, secrets=secret),
            ResolvedConnection(workspace_id="w1", name="unused", type="custom", configs={}, secrets=secret),
        ]


class Trail:
    def __init__(self) -> None:
        self.lines: list[tuple[str, str]] = []

    def record(self, caller: Caller, action: str, target: str, detail: dict[str, Any] | None = None) -> None:
        self.lines.append((action, target))


@dataclass
class Setting:
    service: FlowService
    keys: Keys
    trail: Trail
    store: FlowStore
    host: Any
    spools: Path


@pytest.fixture(scope="module")
def setting(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Setting]:
    home = tmp_path_factory.mktemp("home")
    (home / "spools").mkdir()
    with running_supervisor(home / "logs") as host:
        keys, trail, store = Keys(), Trail(), FlowStore(home / "workspaces")
        sessions = Sessions(host, keys, Connections(), lambda: "http://127.0.0.1:9", Settings(home=home))
        service = FlowService(store, SnapshotStore(home / "snapshots"), sessions, trail, TraceGuards(MemoryGuardStore(), cast("Any", None)))
        yield Setting(service, keys, trail, store, host, home / "spools")


async def run(setting: Setting, flow: str, inputs: dict[str, Any]) -> list[dict[str, Any]]:
    return await ask(setting, flow, {"inputs": inputs})


async def ask(setting: Setting, flow: str, request: dict[str, Any]) -> list[dict[str, Any]]:
    target = await asyncio.to_thread(setting.service.session, CALLER, flow)
    stream = await TestStream.open(target, json.dumps(request).encode(), None)
    data = b"".join([chunk async for chunk in stream.chunks()])
    return [json.loads(line[6:]) for line in data.split(b"\n") if line.startswith(b"data: ")]


def edit(setting: Setting, flow: str, path: str, content: str) -> None:
    setting.service.write(CALLER, flow, path, content, if_match="*", if_none_match=None)


async def test_a_test_run_with_live_events_and_edits_that_show_at_once(setting: Setting) -> None:
    setting.service.create(CALLER, FlowCreate(name="words", template="python"))
    events = await run(setting, "words", {"text": "one three"})
    assert [event["kind"] for event in events] == ["started", "node", "node", "node", "node", "ended"]
    assert [event["node"]["status"] for event in events[1:5]] == ["running", "completed", "running", "completed"]
    assert events[-1]["outputs"] == {"words": 2, "longest": "three"}
    assert len({event["trace_id"] for event in events}) == 1
    edit(setting, "words", "split.py", f"{HEAD}def split(text):\n    print('edited', text)\n    return ['edited']\n")
    events = await run(setting, "words", {"text": "x"})
    assert events[-1]["outputs"]["longest"] == "edited"
    assert events[2]["node"]["logs"] == "edited x\n"
    assert len(setting.keys.issued) == 1
    assert setting.trail.lines[:2] == [("flow.create", "flows/words"), ("flow.write", "flows/words")]
    eventually(lambda: any(setting.spools.rglob("session*.spool")))


async def test_a_flex_flow(setting: Setting) -> None:
    setting.service.create(CALLER, FlowCreate(name="class", template="flex"))
    events = await run(setting, "class", {})
    assert [(event["node"]["node"], event["node"]["status"]) for event in events if event["kind"] == "node"] == [
        ("Readable", "running"),
        ("Readable", "completed"),
        ("__aggregate__", "running"),
        ("__aggregate__", "completed"),
    ]
    assert events[-1]["outputs"]["sentences"] == 2
    source = "class Readable:\n    def __init__(self, longest): pass\n    def __call__(self, text: str):\n        return 1 / len(text)\n"
    edit(setting, "class", "readable.py", source)
    event = (await run(setting, "class", {"text": ""}))[-1]
    assert (event["status"], event["error"]["location"]["file"], event["error"]["location"]["line"]) == ("failed", "readable.py", 4)
    edit(setting, "class", "readable.py", "class Readible:\n    pass\n")
    with pytest.raises(RemoteError) as caught:
        await run(setting, "class", {})
    assert caught.value.findings[0].code == "PythonLoadError"


async def test_a_prompty(setting: Setting) -> None:
    setting.service.create(CALLER, FlowCreate(name="prompt", template="prompty"))
    with serving(ScriptedApp("rules: [{match: ship, answer: one two}]", key="k")) as url:
        described = f"type: openai\n    api_key: k\n    base_url: {url}/v1"
        text = setting.service.read(CALLER, "prompt", "ask.prompty").content or ""
        edit(setting, "prompt", "ask.prompty", text.replace("connection: local", described))
        events = await run(setting, "prompt", {"question": "a ship"})
    assert "".join(event["text"] for event in events if event["kind"] == "chunk") == "one two"
    assert (events[-1]["status"], events[-1]["outputs"]) == ("completed", {"output": "one two"})


async def test_failures_say_where(setting: Setting) -> None:
    setting.service.create(CALLER, FlowCreate(name="failing", template="python"))
    edit(setting, "failing", "split.py", f"{HEAD}def split(text):\n    return text[99]\n")
    event = (await run(setting, "failing", {}))[-1]
    assert (event["status"], event["error"]["location"]["file"], event["error"]["location"]["line"]) == ("failed", "split.py", 5)
    assert "IndexError" in event["error"]["extra"]["traceback"]
    edit(setting, "failing", "split.py", "def broken(:\n")
    with pytest.raises(RemoteError) as caught:
        await run(setting, "failing", {})
    assert (caught.value.remote.code, caught.value.remote.status) == ("InvalidFlow", 422)
    assert caught.value.findings[0].code == "PythonLoadError"


async def test_inputs_that_do_not_fit_are_a_problem(setting: Setting) -> None:
    setting.service.create(CALLER, FlowCreate(name="typed", template="python"))
    edit(
        setting,
        "typed",
        "flow.dag.yaml",
        setting.service.read(CALLER, "typed", "flow.dag.yaml").content.replace("type: string\n    default", "type: int\n    description"),
    )
    for inputs, code in (({}, "InputNotFound"), ({"text": "x"}, "InputTypeError")):
        with pytest.raises(RemoteError) as caught:
            await run(setting, "typed", inputs)
        assert (caught.value.remote.code, caught.value.remote.status) == (code, 422)


async def test_a_session_holds_only_the_connections_that_its_tools_name(setting: Setting) -> None:
    setting.service.create(CALLER, FlowCreate(name="connected", template="python"))
    tool = (
        "import os\nfrom promptflow.core import tool\nfrom promptflow.connections import CustomConnection\n"
        "\n@tool\ndef split(text, c: CustomConnection):\n"
    )
    edit(
        setting,
        "connected",
        "split.py",
        tool + "    return [c.url, c.key, sorted(k for k in os.environ if 'FLOWYARD' in k), os.getcwd()]\n",
    )
    dag = setting.service.read(CALLER, "connected", "flow.dag.yaml").content.replace(
        "    text: ${inputs.text}", "    text: ${inputs.text}\n    c: mine"
    )
    edit(setting, "connected", "flow.dag.yaml", dag.replace("words: ${split.output}", "words: [a]"))
    events = await run(setting, "connected", {})
    node = next(
        event["node"]
        for event in events
        if event["kind"] == "node" and event["node"]["node"] == "split" and event["node"]["status"] == "completed"
    )
    assert node["inputs"]["c"] == "mine"
    assert node["output"] == ["u", "******", [], str(setting.store.folder("default", "connected"))]


BOX = """import os

def here(prefix, **kwargs):
    return [{"value": f"{prefix}{os.getpid()}", "display_value": os.path.basename(os.getcwd())}]

def listed():
    said = {"func_kwargs": [{"name": "prefix", "type": ["string"], "reference": "${inputs.kind}"}], "func_path": "box.here"}
    inputs = {"choice": {"type": ["string"], "dynamic_list": said}}
    return {"box.pick": {"module": "box", "function": "here", "type": "python", "inputs": inputs}}
"""


async def test_a_tools_values_come_from_the_flows_session(setting: Setting, monkeypatch: pytest.MonkeyPatch) -> None:
    setting.service.create(CALLER, FlowCreate(name="values", template="python"))
    install(setting.store.folder("default", "values"), "box", BOX)
    target = await asyncio.to_thread(setting.service.session, CALLER, "values")
    found = await tool_values(target, ToolValuesQuery(tool="box.pick", input="choice", inputs={"kind": "pid-"}))
    (box,) = [tool for tool in await tools(target) if tool.package != "flowyard"]
    assert (box.id, [(given.name, given.offers_values, given.depends_on) for given in box.inputs]) == (
        "box.pick",
        [("choice", True, ("kind",))],
    )
    (value,) = found.values
    (session,) = [status for status in setting.host.find("session/") if status.name.endswith("/values")]
    assert (value.value, value.display_value) == (f"pid-{session.pid}", "values")
    for query, code in (
        (ToolValuesQuery(tool="box.pik", input="choice"), "ToolNotFound"),
        (ToolValuesQuery(tool="box.pick", input="choice"), "InvalidInput"),
        (ToolValuesQuery(tool="box.pick", input="choice", scenario="generated_by"), "ToolNotFound"),
    ):
        with pytest.raises(RemoteError) as refused:
            await tool_values(target, query)
        assert refused.value.problem().code == code
        assert refused.value.problem().remedy
    with pytest.raises(RemoteError, match="server only"):
        await tool_values(replace(target, token="other"), ToolValuesQuery(tool="box.pick", input="choice"))
    monkeypatch.setattr(flow_session, "VALUES_TIMEOUT_S", 0.2)
    monkeypatch.setattr(flow_session, "installed", lambda: time.sleep(0.6))
    with pytest.raises(ToolValuesError, match="within"):
        await flow_session.tool_values(ToolValuesQuery(tool="t", input="n"))


async def test_closing_the_stream_cancels_the_run(setting: Setting) -> None:
    setting.service.create(CALLER, FlowCreate(name="slow", template="python"))
    marker = setting.store.folder("default", "slow").parent / "canceled"
    tool = (
        "import asyncio\nfrom pathlib import Path\nfrom promptflow.core import tool\n\n@tool\nasync def split(text):\n    try:\n"
        f"        await asyncio.sleep(60)\n    finally:\n        Path({str(marker)!r}).touch()\n"
    )
    edit(setting, "slow", "split.py", tool)
    target = await asyncio.to_thread(setting.service.session, CALLER, "slow")
    stream = await TestStream.open(target, b"{}", None)
    chunks: AsyncIterator[bytes] = stream.chunks()
    assert b"started" in await anext(chunks)
    await stream.close()
    deadline = time.monotonic() + 10
    while not marker.exists() and time.monotonic() < deadline:
        await asyncio.sleep(0.05)
    assert marker.exists()


async def test_one_node_and_from_a_node_on(setting: Setting) -> None:
    setting.service.create(CALLER, FlowCreate(name="parts", template="python"))
    whole = await run(setting, "parts", {"text": "one three"})
    given = {event["node"]["node"]: event["node"]["output"] for event in whole if event["kind"] == "node"}
    one = await ask(setting, "parts", {"node": "split", "inputs": {"text": "a b c"}})
    assert [event["node"]["node"] for event in one if event["kind"] == "node"] == ["split", "split"]
    assert one[-1]["outputs"] == {"output": ["a", "b", "c"]}
    onward = await ask(setting, "parts", {"node": "count", "onward": True, "outputs": given})
    assert onward[-1]["outputs"] == whole[-1]["outputs"]
    with pytest.raises(RemoteError) as missing:
        await ask(setting, "parts", {"node": "count"})
    assert (missing.value.remote.code, missing.value.remote.extra["nodes"]) == ("NodeOutputMissing", ["split"])
    with pytest.raises(RemoteError) as unknown:
        await ask(setting, "parts", {"node": "cuont"})
    assert (unknown.value.remote.code, unknown.value.remote.remedy) == ("NodeNotFound", "Did you mean 'count'?")


async def test_a_variant_and_other_inputs_of_a_node_for_one_test(setting: Setting) -> None:
    setting.service.create(CALLER, FlowCreate(name="varied", template="python"))
    node = "node: {type: python, source: {type: code, path: split.py}, inputs: {text: 'TEXT'}}"
    written = (
        "inputs: {text: {type: string}}\noutputs: {words: {type: list, reference: '${split.output}'}}\n"
        "nodes:\n- {name: split, use_variants: true}\nnode_variants:\n  split:\n    default_variant_id: a\n    variants:\n"
    )
    both = f"      a: {{{node.replace('TEXT', '${inputs.text}')}}}\n      b: {{{node.replace('TEXT', 'from b')}}}\n"
    edit(setting, "varied", "flow.dag.yaml", written + both)

    async def outputs(**changes: Any) -> Any:
        return (await ask(setting, "varied", {"inputs": {"text": "from a"}, **changes}))[-1]["outputs"]["words"]

    assert await outputs() == ["from", "a"]
    assert await outputs(variant="${split.b}") == ["from", "b"]
    assert await outputs(variant="${split.b}", overrides={"split": {"text": "given"}}) == ["given"]
    assert await outputs() == ["from", "a"]
    graph = setting.service.graph(CALLER, "varied")
    assert (graph.nodes[0].variant, graph.nodes[0].variants) == ("a", ("a", "b"))
    for wrong, code in (("b", "InvalidInput"), ("${split.c}", "InvalidFlow")):
        with pytest.raises(RemoteError) as refused:
            await outputs(variant=wrong)
        assert refused.value.remote.code == code


async def test_a_process_that_dies_is_told_and_started_again(setting: Setting) -> None:
    setting.service.create(CALLER, FlowCreate(name="mortal", template="python"))
    edit(setting, "mortal", "split.py", f"{HEAD}async def split(text):\n    import asyncio\n    await asyncio.sleep(60)\n")
    target = await asyncio.to_thread(setting.service.session, CALLER, "mortal")
    stream = await TestStream.open(target, b'{"inputs": {"text": "x"}}', None, setting.service.session_died)
    chunks = stream.chunks()
    trace_id = json.loads((await anext(chunks)).split(b"data: ")[1].split(b"\n")[0])["trace_id"]
    os.kill(setting.host.get(target.name).pid, signal.SIGKILL)
    last = json.loads(b"".join([chunk async for chunk in chunks]).split(b"data: ")[-1])
    assert (last["kind"], last["status"], last["trace_id"], last["error"]["code"]) == ("ended", "failed", trace_id, "SessionDied")
    assert last["error"]["detail"] == "The flow's process was killed by signal 9 while the flow ran."
    edit(setting, "mortal", "split.py", f"{HEAD}def split(text):\n    return [text]\n")
    assert (await run(setting, "mortal", {"text": "again"}))[-1]["outputs"]["longest"] == "again"


async def test_the_session_wants_its_token(setting: Setting) -> None:
    setting.service.create(CALLER, FlowCreate(name="guarded", template="python"))
    target = await asyncio.to_thread(setting.service.session, CALLER, "guarded")
    with pytest.raises(RemoteError) as caught:
        await TestStream.open(type(target)(target.name, target.address, "wrong"), b"{}", None)
    assert caught.value.remote.status == 401


def test_deleting_a_flow_ends_its_sessions(setting: Setting) -> None:
    setting.service.create(CALLER, FlowCreate(name="gone", template="python"))
    target = setting.service.session(CALLER, "gone")
    setting.service.delete(CALLER, "gone")
    assert setting.host.get(target.name) is None
    assert f"session:{target.name}" in setting.keys.revoked
    with pytest.raises(FlowNotFoundError):
        setting.service.session(CALLER, "gone")


def test_a_write_must_say_what_it_replaces(setting: Setting) -> None:
    setting.service.create(CALLER, FlowCreate(name="versioned", template="python"))
    found = setting.service.read(CALLER, "versioned", "split.py")
    with pytest.raises(PreconditionMissingError):
        setting.service.write(CALLER, "versioned", "split.py", "x", if_match=None, if_none_match=None)
    setting.service.write(CALLER, "versioned", "split.py", "x", if_match=f'"{found.etag}"', if_none_match=None)
    taken = SnapshotStore(setting.spools.parent / "snapshots").take(setting.store.folder("default", "versioned")).digest
    assert (setting.service.folder(taken) / "split.py").read_text() == "x"


async def test_those_whose_names_look_alike_have_sessions_and_keys_of_their_own(setting: Setting) -> None:
    setting.service.create(CALLER, FlowCreate(name="alike", template="python"))
    alike = [replace(CALLER, actor=actor, id=f"0000000{number}-0000000{number}") for number, actor in enumerate(("a@b", "a-b"))]
    targets = [await asyncio.to_thread(setting.service.session, one, "alike") for one in alike]
    assert len({target.name for target in targets}) == len({target.token for target in targets}) == 2
    assert setting.keys.acts_for[-2:] == [f"user:{one.id}" for one in alike]


async def test_long_names_have_sessions_whose_keys_can_be_kept(setting: Setting) -> None:
    setting.service.create(CALLER, FlowCreate(name="f" * 100, template="python"))
    whose = replace(CALLER, actor=f"{'a' * 240}@example.org", id="0" * 36)
    target = await asyncio.to_thread(setting.service.session, whose, "f" * 100)
    assert target.address
    assert len(setting.keys.issued[-1]) <= 200
    setting.service.delete(CALLER, "f" * 100)
    assert setting.keys.issued[-1] in setting.keys.revoked


@pytest.mark.integration
async def test_a_test_is_withheld_as_the_tests_are_whose_answers_it_may_repeat(setting: Setting) -> None:
    setting.service.create(CALLER, FlowCreate(name="told", template="python"))
    guards, target = setting.service._guards, await asyncio.to_thread(setting.service.session, CALLER, "told")
    first = setting.service.begin_test(CALLER, target)
    guards.note("w1", first.trace_id, [["hr"]])
    guards.note("w1", conversation_key(target.scope), [["hr"]])
    guards.note("w1", "b" * 32, [["board"]])
    again = setting.service.begin_test(CALLER, target, made_of=["b" * 32, None])
    other = setting.service.begin_test(CALLER, replace(target, name="session/other"))
    assert guards._store.of("w1", [again.trace_id, other.trace_id]) == {again.trace_id: {("hr",), ("board",)}}

    stream = await TestStream.open(target, b'{"inputs": {"text": "x"}}', again)
    assert (await stream.last())["trace_id"] == again.trace_id
    named = setting.service.begin_test(CALLER, target, traceparent=f"00-{'c' * 32}-{'d' * 16}-01")
    assert (named.trace_id, guards.guarded("w1", ["c" * 32])) == ("c" * 32, {"c" * 32})


async def test_a_session_that_fails_itself_is_told_as_such() -> None:
    async def broken(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "lifespan":
            await lifespan(receive, send)
        else:
            raise RuntimeError("dictionary changed size during iteration")

    with serving(broken) as url:
        target = SessionTarget("session/broken", url.removeprefix("http://"), "token")
        with pytest.raises(SessionError, match=r"session failed \(500 Internal Server Error\)") as caught:
            await TestStream.open(target, b"{}", None)
    assert caught.value.remedy == "Try again; its log says more."
