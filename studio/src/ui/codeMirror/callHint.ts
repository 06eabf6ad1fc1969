import { syntaxTree } from "@codemirror/language";
import { type EditorState, type Extension, Prec, StateEffect, StateField } from "@codemirror/state";
import { EditorView, keymap, type PluginValue, showTooltip, type Tooltip, ViewPlugin, type ViewUpdate } from "@codemirror/view";

/** A way to call a function: its text in three parts, of which `current` is the parameter that is given now. */
export interface CallSignature {
  readonly before: string;
  readonly current?: string;
  readonly after?: string;
  readonly doc?: string | null;
}

/** Tells the ways to call what is called where the cursor is. It may fail. */
export type AskSignatures = (state: EditorState, signal: AbortSignal) => Promise<readonly CallSignature[]>;

interface Call {
  /** Where its brackets open. */
  readonly from: number;
  /** Which argument the cursor is in: how many are before it, and its keyword. */
  readonly argument: string;
}

interface Hint {
  readonly from: number;
  readonly signatures: readonly CallSignature[];
}

/** The innermost call whose brackets the cursor is in. */
export function callAt(state: EditorState): Call | null {
  const { head, empty } = state.selection.main;
  if (!empty) return null;
  for (let node = syntaxTree(state).resolveInner(head, -1).node; ; node = node.parent) {
    if (node.name === "ArgList" && node.parent?.name !== "ClassDefinition" && head > node.from && !(node.lastChild?.name === ")" && head >= node.to)) {
      let before = 0;
      let keyword = "";
      for (let part = node.firstChild; part && part.to <= head; part = part.nextSibling) {
        if (part.name === ",") {
          before += 1;
          keyword = "";
        } else if (part.name === "AssignOp" && part.prevSibling) keyword = state.sliceDoc(part.prevSibling.from, part.prevSibling.to);
      }
      return { from: node.from, argument: `${before} ${keyword}` };
    }
    if (!node.parent) return null;
  }
}

/** The signatures as text: nothing of them is read as HTML. */
function shown({ from, signatures }: Hint): Tooltip {
  return {
    pos: from,
    above: true,
    create: () => {
      const dom = document.createElement("div");
      dom.className = "cm-note cm-callHint";
      dom.setAttribute("role", "status");
      dom.setAttribute("aria-label", "Parameters");
      for (const { before, current = "", after = "" } of signatures) {
        const line = dom.appendChild(document.createElement("div"));
        line.className = "cm-note-head";
        const parameter = document.createElement("strong");
        parameter.textContent = current;
        line.append(before, parameter, after);
      }
      const doc = signatures[0]?.doc;
      if (doc) {
        const text = dom.appendChild(document.createElement("div"));
        text.className = "cm-note-where";
        text.textContent = doc;
      }
      return { dom };
    },
  };
}

const setHint = StateEffect.define<Hint | null>();

const hintField = StateField.define<Hint | null>({
  create: () => null,
  update: (hint, transaction) => {
    for (const effect of transaction.effects) if (effect.is(setHint)) return effect.value;
    if (!hint || !(transaction.docChanged || transaction.selection)) return hint;
    return callAt(transaction.state) && { ...hint, from: transaction.changes.mapPos(hint.from) };
  },
  provide: (field) => showTooltip.from(field, (hint) => hint && shown(hint)),
});

/** Asks when another argument is come to, and shows the answer. */
class Asking implements PluginValue {
  private control: AbortController | null = null;
  private known: string | null = null;
  /** The call whose hint was closed: it stays closed until it is asked for. */
  private closed: number | null = null;

  constructor(
    private readonly view: EditorView,
    private readonly ask: AskSignatures,
  ) {}

  update({ state, transactions, changes, docChanged, selectionSet }: ViewUpdate): void {
    if (this.closed !== null) this.closed = changes.mapPos(this.closed);
    if (!docChanged && !selectionSet) return;
    const call = callAt(state);
    if (call?.from !== this.closed) this.closed = null;
    if (!call || !this.view.hasFocus) this.stop();
    else if (this.closed === null && (this.known !== null || transactions.some((it) => it.isUserEvent("input")))) this.show(call);
  }

  destroy(): void {
    this.stop();
  }

  /** Show the hint of the call that the cursor is in, if it is in one. */
  open(): boolean {
    const call = callAt(this.view.state);
    if (!call) return false;
    this.stop();
    this.closed = null;
    this.show(call);
    return true;
  }

  /** Close the hint, if there is one. */
  close(): boolean {
    const isOpen = this.view.state.field(hintField) !== null;
    this.closed = callAt(this.view.state)?.from ?? null;
    this.stop();
    if (isOpen) this.view.dispatch({ effects: setHint.of(null) });
    return isOpen;
  }

  private stop(): void {
    this.control?.abort();
    this.known = null;
  }

  private show({ from, argument }: Call): void {
    const wanted = `${from} ${argument}`;
    if (wanted === this.known) return;
    this.stop();
    this.known = wanted;
    const control = new AbortController();
    this.control = control;
    void this.ask(this.view.state, control.signal)
      .catch(() => [])
      .then((signatures) => {
        if (control.signal.aborted) return;
        const now = callAt(this.view.state);
        this.view.dispatch({ effects: setHint.of(now && signatures.length > 0 ? { from: now.from, signatures } : null) });
      });
  }
}

/** Shows what a call takes while it is written, the current parameter marked. Escape closes it, Control-Shift-Space opens it. */
export function callHint(ask: AskSignatures): Extension {
  const asking = ViewPlugin.define((view) => new Asking(view, ask));
  return [
    hintField,
    asking,
    EditorView.focusChangeEffect.of((_, isFocused) => (isFocused ? null : setHint.of(null))),
    Prec.high(
      keymap.of([
        { key: "Escape", run: (view) => view.plugin(asking)?.close() ?? false },
        { key: "Mod-Shift-Space", run: (view) => view.plugin(asking)?.open() ?? false },
      ]),
    ),
  ];
}
