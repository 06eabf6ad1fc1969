"""A flow is one document: two browsers, the disk and a server that goes away write to it, and nothing is lost."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from support.accessibility import check_accessible
from support.browser import browser_page
from support.installation import Platform, eventually
from support.page_commands import printed_commands, run_apart, run_printed

pytestmark = [pytest.mark.integration, pytest.mark.browser, pytest.mark.timeout(400)]

#: What a browser logs as an error while the server is away, or while it refuses to write over another's text.
REFUSED = ("/events", "/files", "/graph", "/history", "/test", "/demo", "/flows", ".py", ".yaml", "/me")


@pytest.fixture(scope="module")
def page(installation: Platform) -> Iterator[Page]:
    with browser_page(installation.sign_in_url, refused=REFUSED) as opened:
        yield opened


@pytest.fixture(scope="module")
def folder(installation: Platform) -> Path:
    return installation.home / "workspaces" / "default" / "flows" / "demo"


def _open(page: Page, installation: Platform, file: str) -> Locator:
    page.goto(f"{installation.url}/w/default/flows/demo?tab=files&file={file}")
    editor = page.get_by_role("textbox", name=f"Text of {file}")
    expect(editor).to_be_visible()
    return editor


def _is(page: Page, status: str) -> None:
    expect(page.locator(f"[data-status={status}]")).to_be_visible()


def _type_at(editor: Locator, key: str, text: str) -> None:
    editor.click()
    editor.page.keyboard.press(key)
    editor.page.keyboard.type(text)


def test_an_edit_on_disk_shows_in_the_text_and_in_the_graph_and_undo_takes_back_only_ones_own(
    installation: Platform, page: Page, folder: Path
) -> None:
    editor = _open(page, installation, "flow.dag.yaml")
    _type_at(editor, "Control+Home", "# mine\n")
    _is(page, "saved")
    before = folder.joinpath("flow.dag.yaml").read_text()
    assert before.startswith("# mine\n")
    folder.joinpath("flow.dag.yaml").write_text(before.replace("tidy", "clean"))
    expect(editor).to_contain_text("name: clean")
    page.get_by_role("tab", name="Graph").click()
    expect(page.get_by_text("clean", exact=True).first).to_be_visible()
    page.keyboard.press("Control+z")
    eventually(lambda: folder.joinpath("flow.dag.yaml").read_text() == before.replace("tidy", "clean").removeprefix("# mine\n"))
    folder.joinpath("flow.dag.yaml").write_text(before.removeprefix("# mine\n"))


def test_two_browsers_see_each_others_edits_and_settle_what_both_changed(installation: Platform, page: Page, folder: Path) -> None:
    browser = page.context.browser
    assert browser is not None
    context = browser.new_context(storage_state=page.context.storage_state())
    other = context.new_page()
    try:
        mine, theirs = _open(page, installation, "tidy.py"), _open(other, installation, "tidy.py")
        _type_at(mine, "Control+Home", "# one\n")
        expect(theirs).to_contain_text("# one")
        _type_at(theirs, "Control+End", "\n# two")
        expect(mine).to_contain_text("# two")
        _is(page, "saved")
        _is(other, "saved")
        text = folder.joinpath("tidy.py").read_text()
        assert (text.startswith("# one\n"), text.endswith("# two")) == (True, True)

        page.route("**/files/tidy.py", lambda route: route.abort())
        page.route("**/demo/events", lambda route: route.abort())
        _type_at(mine, "Control+Home", "not sent ")
        _is(page, "offline")
        _type_at(theirs, "Control+Home", "sent ")
        _is(other, "saved")
        eventually(lambda: folder.joinpath("tidy.py").read_text().startswith("sent # one"))
        page.unroute("**/files/tidy.py")
        page.unroute("**/demo/events")
        _is(page, "conflict")
        expect(page.get_by_role("alert")).to_contain_text("Both versions are kept")
        page.get_by_role("button", name="Save mine over it").click()
        _is(page, "saved")
        eventually(lambda: folder.joinpath("tidy.py").read_text().startswith("not sent # one"))
        expect(theirs).to_contain_text("not sent # one")
    finally:
        context.close()


def test_edits_made_while_the_server_restarts_are_sent_when_it_is_back(installation: Platform, page: Page, folder: Path) -> None:
    editor = _open(page, installation, "tidy.py")
    old = installation.kill("server")
    _type_at(editor, "Control+Home", "# made without a server\n")
    installation.back("server", old)
    eventually(lambda: folder.joinpath("tidy.py").read_text().startswith("# made without a server\n"))
    _is(page, "saved")


def test_the_history_says_who_changed_what_and_brings_it_back(installation: Platform, page: Page, folder: Path) -> None:
    page.goto(f"{installation.url}/w/default/flows/demo?tab=history")
    versions = page.get_by_role("list", name="Versions, the newest first").get_by_role("button")
    expect(versions.first).to_contain_text("owner")
    expect(versions.filter(has_text="on disk").first).to_be_visible()
    now = folder.joinpath("tidy.py").read_text()
    versions.last.click()
    page.get_by_text("Changes since").click()
    expect(page.get_by_role("button", name="tidy.py", exact=True)).to_be_visible()
    page.get_by_role("button", name="Bring back").click()
    expect(versions.first).to_contain_text("brought back")
    assert "# one" not in folder.joinpath("tidy.py").read_text()
    versions.nth(1).click()
    page.get_by_role("button", name="Bring back").click()
    eventually(lambda: folder.joinpath("tidy.py").read_text() == now)
    diff = installation.run("flow", "diff", "demo")
    assert re.search(r"^\+# made without a server$", diff, re.MULTILINE)


def test_a_flow_that_cannot_be_read_opens_as_text_and_says_why(installation: Platform, page: Page, folder: Path) -> None:
    good = folder.joinpath("flow.dag.yaml").read_text()
    folder.joinpath("flow.dag.yaml").write_text("nodes: [\n")
    folder.joinpath("raw.bin").write_bytes(bytes(range(256)))
    page.goto(f"{installation.url}/w/default/flows/demo")
    expect(page.get_by_role("textbox", name="Text of flow.dag.yaml")).to_be_visible()
    expect(page.get_by_role("status").filter(has_text="Line ")).to_be_visible()
    page.get_by_role("button", name="raw.bin", exact=True).click()
    expect(page.get_by_text("is a binary file")).to_be_visible()
    folder.joinpath("flow.dag.yaml").write_text(good)
    folder.joinpath("raw.bin").unlink()
    expect(page.get_by_role("textbox", name="Text of flow.dag.yaml")).to_contain_text("name: write")


def test_a_variable_typed_into_a_prompt_becomes_an_input_is_previewed_and_only_its_own_lines_are_written(
    installation: Platform, page: Page, folder: Path
) -> None:
    flow, prompt = folder.joinpath("flow.dag.yaml"), folder.joinpath("write.jinja2")
    before = flow.read_bytes(), prompt.read_bytes()
    page.goto(f"{installation.url}/w/default/flows/demo?tab=cards&preview=write")
    card = page.get_by_role("article", name="Node write")
    card.scroll_into_view_if_needed()  # what is in a card is made once it is seen
    card.get_by_role("group", name="Editor of write.jinja2").scroll_into_view_if_needed()
    _type_at(card.get_by_role("textbox", name="Text of write.jinja2"), "Control+End", "Say it {{ tone }}.")
    card.get_by_role("button", name="Add input tone").click()
    tone = card.get_by_role("combobox", name="tone", exact=True)
    tone.fill("plainly")
    tone.press("Enter")
    tone.blur()
    expect(card.get_by_text("Say it plainly.")).to_be_visible()
    expect(card.get_by_text(re.compile(r"^About \d+ tokens"))).to_be_visible()
    check_accessible(page)

    tone.fill("${")
    expect(page.get_by_role("option", name=re.compile(r"\$\{inputs\.topic\}"))).to_contain_text("string")
    tone.press("Escape")
    limit = card.get_by_role("combobox", name="max_tokens")
    limit.fill("many")
    limit.press("Enter")
    expect(card.get_by_text("It takes a whole number of at least 1, not many.")).to_be_visible()
    _is(page, "saved")
    written = before[0].replace(b"    task: ${prompt.output}\n", b"    task: ${prompt.output}\n    tone: plainly\n")
    assert written != before[0]
    assert (flow.read_bytes(), prompt.read_bytes()) == (written, before[1] + b"Say it {{ tone }}.")

    for _ in range(3):
        page.get_by_role("button", name="Undo").click()
    eventually(lambda: (flow.read_bytes(), prompt.read_bytes()) == before)


def _files(flow: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in flow.iterdir() if path.is_file()}


def _node(page: Page, name: str) -> Locator:
    return page.locator(f'.react-flow__node[data-id="{name}"]')


def test_nodes_are_copied_with_their_prompt_into_another_flow_taken_back_made_again_found_and_run(
    installation: Platform, page: Page, folder: Path
) -> None:
    target = folder.parent / "demo-python"
    before = _files(target)
    page.goto(f"{installation.url}/w/default/flows/demo?node=prompt")
    expect(page.get_by_role("textbox", name="Text of prompt.jinja2")).to_contain_text("Write two sentences")
    _node(page, "write").click(modifiers=["Control"])
    expect(page.get_by_role("complementary", name="Selection")).to_contain_text("2 nodes selected")
    check_accessible(page)
    page.keyboard.press("Control+c")
    expect(page.get_by_text("2 nodes copied")).to_be_visible()

    page.goto(f"{installation.url}/w/default/flows/demo-python")
    expect(_node(page, "count")).to_be_visible()
    page.keyboard.press("Control+v")
    expect(page.get_by_text("they are empty: prompt.topic")).to_be_visible()
    eventually(lambda: _files(target).keys() >= before.keys() | {"prompt.jinja2", "write.jinja2"})
    _is(page, "saved")
    pasted = _files(target)
    assert pasted["prompt.jinja2"] == (folder / "prompt.jinja2").read_bytes()
    assert pasted["flow.dag.yaml"].startswith(before["flow.dag.yaml"])
    assert b"task: ${prompt.output}" in pasted["flow.dag.yaml"]
    page.keyboard.press("Control+z")
    eventually(lambda: _files(target) == before)
    page.keyboard.press("Control+Shift+z")
    eventually(lambda: _files(target) == pasted)

    page.keyboard.press("Control+f")
    page.keyboard.type("two SENTENCES prompt")
    expect(page.get_by_role("search")).to_contain_text("1 of 1")
    check_accessible(page)
    page.keyboard.press("Escape")
    expect(_node(page, "prompt")).to_be_focused()
    page.keyboard.press("Enter")
    page.get_by_role("complementary", name="Node prompt").get_by_role("button", name="Run from prompt on").click()
    expect(_node(page, "write").get_by_role("img", name="Completed")).to_be_visible(timeout=90_000)

    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.evaluate("() => navigator.clipboard.writeText('not a node')")
    page.get_by_role("button", name="Graph menu").click()
    page.get_by_role("menuitem", name="Paste").click()
    expect(page.get_by_role("alert")).to_contain_text("a list of nodes was expected, and a text came")
    page.keyboard.press("Control+z")
    eventually(lambda: _files(target) == before)


def test_a_node_runs_alone_and_from_it_on_and_what_is_stale_says_so(installation: Platform, page: Page) -> None:
    page.goto(f"{installation.url}/w/default/flows/demo-python?node=count")
    panel, graph = page.get_by_role("complementary", name="Node count"), page.get_by_test_id("rf__wrapper")
    panel.get_by_role("button", name="Run this node: count").click()
    expect(panel.get_by_role("alert")).to_contain_text("Run split first")
    panel.get_by_role("button", name="Run the whole flow").click()
    expect(panel.get_by_text("Completed")).to_be_visible(timeout=90_000)
    panel.get_by_role("tab", name="Inputs").click()
    expect(panel.get_by_role("tabpanel")).to_contain_text('"words"')
    check_accessible(page)
    panel.get_by_role("tab", name="Output").click()
    code = panel.get_by_role("textbox", name=re.compile("count.py"))
    code.press("Control+End")
    code.press_sequentially("# changed")
    expect(graph.get_by_role("img", name="Stale")).to_have_count(1)
    code.press("Control+Enter")
    expect(graph.get_by_role("img", name="Stale")).to_have_count(0)
    expect(panel.get_by_role("tabpanel")).to_contain_text("longest")
    code.press("Control+End")
    code.press_sequentially("\nraise SystemError")
    panel.get_by_role("button", name="Run from count on").click()
    expect(panel.get_by_role("alert")).to_contain_text("count.py")


def test_the_commands_of_the_page_run_as_printed(installation: Platform, tmp_path: Path) -> None:
    versions = installation.json("flow", "history", "demo")
    names = {"0197a3c2-5b1e-7c44-9d3e-2f6a1b0c8d7e": versions[-1]["id"]}
    # A flow's test makes its process the flow's.
    runs = {True: run_apart, False: run_printed}
    said = [runs[words[:2] == ("flow", "test")](installation, tmp_path, words, names) for words in printed_commands("designer.md")]
    assert "before the new prompt" in said[1]
    assert "lighthouse-2" in "".join(said)
    assert said[-2] == said[-1] == '{\n  "words": 2,\n  "longest": "three"\n}\n'
