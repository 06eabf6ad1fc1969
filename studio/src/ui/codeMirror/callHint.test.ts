import { python } from "@codemirror/lang-python";
import { EditorState } from "@codemirror/state";
import { EditorView, runScopeHandlers } from "@codemirror/view";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { type AskSignatures, callAt, callHint } from "./callHint";

/** The state of a text with the cursor where its mark is. */
function stateOf(marked: string): EditorState {
  const at = marked.indexOf("|");
  return EditorState.create({ doc: marked.replace("|", ""), selection: { anchor: at }, extensions: python() });
}

test.each([
  ["f(|", 1, "0 "],
  ["f(a, |)", 1, "1 "],
  ["f(a, b=|", 1, "1 b"],
  ["f(a, b=2, |)", 1, "2 "],
  ["f(a, g(1, 2)|", 1, "1 "],
  ["f(a, g(1, |", 6, "1 "],
  ["f('a, (|')", 1, "0 "],
  ["f([1, 2, |])", 1, "0 "],
])("%s is inside a call", (marked, from, argument) => {
  expect(callAt(stateOf(marked))).toEqual({ from, argument });
});

test.each(["f|()", "f()|", "(1, |)", "class A(|): ...", "def f(|): ...", "|"])("%s is inside none", (marked) => {
  expect(callAt(stateOf(marked))).toBeNull();
});

let view: EditorView | null = null;

/** The test's DOM tells of a selection while it is made, which a browser does later. */
const atOnce = (event: Event): void => { event.stopImmediatePropagation(); };

beforeEach(() => {
  document.addEventListener("selectionchange", atOnce);
});

afterEach(() => {
  document.removeEventListener("selectionchange", atOnce);
  view?.destroy();
  view = null;
});

function editor(ask: AskSignatures): EditorView {
  view = new EditorView({ parent: document.body, extensions: [python(), callHint(ask)] });
  view.focus();
  return view;
}

function type(into: EditorView, text: string): void {
  for (const sign of text) into.dispatch({ ...into.state.replaceSelection(sign), userEvent: "input.type" });
}

function press(on: EditorView, key: string, held: KeyboardEventInit = {}): boolean {
  return runScopeHandlers(on, new KeyboardEvent("keydown", { key, ...held }), "editor");
}

const hint = () => document.querySelector(".cm-callHint");

function shortening() {
  return vi.fn<AskSignatures>().mockImplementation((state) =>
    Promise.resolve(state.doc.toString().includes(",") ? [{ before: "cut(text: str, ", current: "most: int", after: ")" }] : [{ before: "cut(", current: "text: str", after: ", most: int)", doc: "Cut <b>a</b> text." }]),
  );
}

test("what a call takes is shown while it is written, the current parameter marked", async () => {
  const ask = shortening();
  const made = editor(ask);
  type(made, "cut");
  expect(ask).not.toHaveBeenCalled();
  type(made, "(");
  await vi.waitFor(() => { expect(hint()?.querySelector("strong")?.textContent).toBe("text: str"); });
  expect(hint()?.textContent).toBe("cut(text: str, most: int)Cut <b>a</b> text.");
  type(made, "'abc'");
  expect(ask).toHaveBeenCalledTimes(1);
  type(made, ", ");
  await vi.waitFor(() => { expect(hint()?.querySelector("strong")?.textContent).toBe("most: int"); });
  type(made, ")");
  expect(hint()).toBeNull();
});

test("Escape closes it and lets it stay closed in that call", async () => {
  const ask = shortening();
  const made = editor(ask);
  expect(press(made, "Escape")).toBe(false);
  type(made, "cut(");
  await vi.waitFor(() => { expect(hint()).not.toBeNull(); });
  expect(press(made, "Escape")).toBe(true);
  expect(hint()).toBeNull();
  type(made, "1, 2");
  expect(ask).toHaveBeenCalledTimes(1);
  expect(press(made, " ", { ctrlKey: true, shiftKey: true })).toBe(true);
  await vi.waitFor(() => { expect(hint()).not.toBeNull(); });
});

test("an answer that comes late shows nothing", async () => {
  let answer: (found: { before: string }[]) => void = () => undefined;
  const made = editor(() => new Promise((done) => { answer = done; }));
  type(made, "cut(");
  type(made, ")");
  answer([{ before: "cut()" }]);
  await Promise.resolve();
  expect(hint()).toBeNull();
});
