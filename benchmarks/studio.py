"""What the studio costs in the browser: its first paint, its answer to a click, rows that scroll and nodes that are dragged.

On loopback, with the built studio. Largest Contentful Paint and Interaction to Next Paint as the browser's own observers tell them
(https://web.dev/articles/lcp, https://web.dev/articles/inp; the slowest of the clicks, as so few count). Frames in processor time of the
page's main thread. Peers: the sign-in page, which loads nothing else; the same screens with little in them.
"""

import json
import time
import urllib.request
from collections.abc import Callable, Iterator

from playwright.sync_api import CDPSession, Page

from benchmarks.browser import FRAMES, NEXT_FRAME, per_frame, settling, studio_page
from benchmarks.harness import FLOWYARD, Figure, wall
from benchmarks.installation import Installation, installation

ROWS, FEW_ROWS = 100_000, 200
NODES, FEW_NODES = 200, 5
WHEEL = 400
_STEP = "from promptflow.core import tool\n\n\n@tool\ndef step(text: str) -> str:\n    return text\n"
_WATCH = """
  window.painted = 0; window.answered = 0;
  new PerformanceObserver(list => { for (const each of list.getEntries()) window.painted = each.startTime })
    .observe({type: 'largest-contentful-paint', buffered: true});
  const slower = each => { if (each.interactionId) window.answered = Math.max(window.answered, each.duration) };
  new PerformanceObserver(list => list.getEntries().forEach(slower))
    .observe({type: 'event', durationThreshold: 16, buffered: true});
"""


def figures() -> Iterator[Figure]:
    """Measure paint, clicks, the scrolling of a long run's rows and the dragging of a node in a large graph."""
    with installation() as platform:
        for name, rows in (("many", ROWS), ("few", FEW_ROWS)):
            _run(platform, name, rows)
        for name, nodes in (("large", NODES), ("small", FEW_NODES)):
            _flow(platform, name, nodes)
        with studio_page(platform) as (page, session):
            page.add_init_script(_WATCH)
            settle = settling(page)
            base = f"http://{platform.address}/w/default"
            bare = _painted(page, settle, f"http://{platform.address}/sign-in")
            for name, path in (("Home", ""), ("a flow", "/flows/large"), ("rows of a run", "/runs/many?tab=rows")):
                ours, aim = _painted(page, settle, base + path), "aim of the time: 1000 ms"
                yield Figure(what=f"{name}: largest paint", ours=ours, unit="ms", peer_name="the sign-in page", peer=bare, aim=aim)
            yield _clicks(page, settle, base)
            yield _edited(page, platform, settle, f"{base}/flows/small?node=n0")
            many, few = (_scrolled(page, session, f"{base}/runs/{name}?tab=rows") for name in ("many", "few"))
            yield from _frames(f"script a frame, {ROWS} rows scrolled", many, f"{FEW_ROWS} rows", few)
            large, small = (_dragged(page, session, settle, f"{base}/flows/{name}") for name in ("large", "small"))
            yield from _frames(f"script a frame, a node of {NODES} dragged", large, f"a node of {FEW_NODES}", small)


def _run(platform: Installation, name: str, rows: int) -> None:
    data = platform.home / f"{name}.jsonl"
    data.write_text("".join(json.dumps({"text": f"row {number} of a long run"}) + "\n" for number in range(rows)))
    mapping = "text=${data.text}"
    platform.run("run", "create", "--flow", "demo-python", "--data", str(data), "--column-mapping", mapping, "--name", name, "--stream")


def _flow(platform: Installation, name: str, nodes: int) -> None:
    """Make a flow of Python nodes, ten side by side in each rank."""
    folder = platform.home / "workspaces" / "default" / "flows" / name
    folder.mkdir(parents=True)
    (folder / "step.py").write_text(_STEP)
    text = "inputs:\n  text:\n    type: string\n    default: a\noutputs:\n  text:\n    type: string\n    reference: ${n0.output}\nnodes:\n"
    for number in range(nodes):
        source = "inputs.text" if number < 10 else f"n{number - 10}.output"
        text += f"- name: n{number}\n  type: python\n  source:\n    type: code\n    path: step.py\n  inputs:\n    text: ${{{source}}}\n"
    (folder / "flow.dag.yaml").write_text(text)
    address = f"http://{platform.address}/api/v1/workspaces/default/flows/{name}"
    request = urllib.request.Request(address, headers={"Authorization": f"Bearer {platform.api_key}"})
    with urllib.request.urlopen(request, timeout=60) as answer:
        if json.load(answer)["nodes"] != nodes:
            raise RuntimeError(f"the flow of {nodes} nodes is not there")


def _painted(page: Page, settle: Callable[[], None], address: str) -> float:
    """Return the median of five Largest Contentful Paints in milliseconds, with a warm cache."""
    found: list[float] = []
    for _ in range(6):
        page.goto(address)
        settle()
        found.append(page.evaluate("() => window.painted"))
    return sorted(found[1:])[2]


def _clicks(page: Page, settle: Callable[[], None], base: str) -> Figure:
    """Click through the rail and the tabs of a flow; the peer is a click on nothing."""
    page.goto(base)
    settle()
    page.locator("main h1").click()
    page.evaluate(NEXT_FRAME)
    nothing = max(page.evaluate("() => window.answered"), 16.0)
    for place in ("Data", "Models", "Flows", "Runs", "Endpoints", "Traces", "Jobs", "Flows"):
        page.get_by_role("link", name=place, exact=True).first.click()
        settle()
    page.get_by_role("row").filter(has_text="large").click()
    settle()
    for tab in ("Cards", "Files", "Findings", "Graph"):
        page.get_by_role("tab", name=tab).click()
        settle()
    slowest, aim = page.evaluate("() => window.answered"), "aim of the time: 100 ms"
    return Figure(what="slowest click to next paint", ours=slowest, unit="ms", peer_name="on nothing", peer=nothing, aim=aim)


def _edited(page: Page, platform: Installation, settle: Callable[[], None], address: str) -> Figure:
    """Type into a node's code and run the node, until its new output is on the node; the peer is a run of the node by a new process."""
    page.goto(address)
    settle()
    card, code = page.locator('.react-flow__node[data-id="n0"]'), page.get_by_role("textbox", name="step.py")
    code.press("Control+Enter")
    card.get_by_role("img", name="Completed").wait_for()
    found: list[float] = []
    for number in range(6):
        code.press("Control+a")
        page.keyboard.insert_text(_STEP.removesuffix("text\n") + f"'edit {number}'")
        start = time.perf_counter()
        code.press("Control+Enter")
        card.get_by_text(f"edit {number}", exact=True).wait_for()
        found.append((time.perf_counter() - start) * 1000)
    folder = platform.home / "workspaces" / "default" / "flows" / "small"
    cold = 1000 * wall([FLOWYARD, "flow", "test", "--flow", str(folder), "--node", "n0"], environment=platform.environment)
    aim = "aim of the time: 1000 ms"
    return Figure(what="edit a node and run it", ours=sorted(found[1:])[2], unit="ms", peer_name="a new process", peer=cold, aim=aim)


def _scrolled(page: Page, session: CDPSession, address: str) -> list[float]:
    page.goto(address)
    row = page.get_by_role("row").nth(3)
    row.wait_for()
    row.hover()
    found = per_frame(page, session, lambda _: page.mouse.wheel(0, WHEEL))
    reached, most = page.get_by_role("region", name="Rows of").evaluate("each => [each.scrollTop, each.scrollHeight - each.clientHeight]")
    if reached != min(WHEEL * FRAMES, most):
        raise RuntimeError(f"the table is at {reached} pixels after {FRAMES} turns of the wheel of {WHEEL} each")
    return found


def _dragged(page: Page, session: CDPSession, settle: Callable[[], None], address: str) -> list[float]:
    page.goto(address)
    node = page.locator(".react-flow__node").nth(3)
    node.wait_for()
    settle()
    box = node.bounding_box() or {"x": 0, "y": 0, "width": 0, "height": 0}
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    found = per_frame(page, session, lambda number: page.mouse.move(x + 3 * number, y + 2 * number))
    page.mouse.up()
    return found


def _frames(what: str, ours: list[float], peer_name: str, peer: list[float]) -> Iterator[Figure]:
    for name, part in (("median", 0.5), ("95th percentile", 0.95)):
        at = int(len(ours) * part)
        yield Figure(what=f"{what}, {name}", ours=ours[at], unit="ms", peer_name=peer_name, peer=peer[at], aim="aim of the time: 8 ms")
