import { autocompletion, type Completion, type CompletionContext, type CompletionResult, type CompletionSource, ifNotIn } from "@codemirror/autocomplete";
import { globalCompletion, localCompletionSource } from "@codemirror/lang-python";
import { syntaxTree } from "@codemirror/language";
import type { Extension, Text } from "@codemirror/state";
import { hoverTooltip } from "@codemirror/view";
import { callHint, type CallSignature } from "./callHint";

/** A place in a text: the line from 1, the column in characters from 0. */
export interface CodeSpot {
  readonly text: string;
  readonly line: number;
  readonly column: number;
}

/** What a name is, as far as somebody can say. */
export interface NameNote {
  readonly name?: string | null;
  readonly kind?: string | null;
  readonly signature?: string | null;
  readonly doc?: string | null;
}

/** Who knows Python code: what can go on at a place, what the name there is, how what is called there is called. It may fail, and then offers nothing. */
export interface CodeAssist {
  readonly complete: (spot: CodeSpot, signal: AbortSignal) => Promise<readonly { readonly name: string; readonly kind: string }[]>;
  readonly explain: (spot: CodeSpot) => Promise<NameNote>;
  readonly signatures: (spot: CodeSpot, signal: AbortSignal) => Promise<readonly CallSignature[]>;
}

/** With so many names or more, others may have been left out: typing on asks again. */
const MANY = 200;
const ICONS: Readonly<Record<string, string>> = { module: "namespace", class: "class", function: "function", property: "property", keyword: "keyword" };
const NO_CODE: readonly string[] = ["String", "FormatString", "Comment", "ContinuedString"];

function spotAt(doc: Text, at: number): CodeSpot {
  const line = doc.lineAt(at);
  return { text: doc.toString(), line: line.number, column: at - line.from };
}

/** The note as text: nothing of a docstring is read as HTML. */
function noteOf({ name, kind, signature, doc }: NameNote): HTMLElement | null {
  if (!name && !signature && !doc) return null;
  const box = document.createElement("div");
  box.className = "cm-note";
  const head = box.appendChild(document.createElement("div"));
  head.className = "cm-note-head";
  head.textContent = signature ?? name ?? "";
  const where = box.appendChild(document.createElement("div"));
  where.className = "cm-note-where";
  where.textContent = [kind, name].filter(Boolean).join(" ");
  if (doc) {
    const text = box.appendChild(document.createElement("div"));
    text.className = "cm-note-doc";
    text.textContent = doc;
  }
  return box;
}

async function explained(assist: CodeAssist, spot: CodeSpot): Promise<HTMLElement | null> {
  try {
    return noteOf(await assist.explain(spot));
  } catch {
    return null;
  }
}

/** The spot at the end of a name that is taken at `from`, as if it was written. */
function asWritten({ state, pos }: CompletionContext, from: number, name: string): CodeSpot {
  const { doc } = state;
  const text = doc.sliceString(0, from) + name + doc.sliceString(pos);
  const line = doc.lineAt(from);
  return { text, line: line.number, column: from - line.from + Math.max(0, name.length - 1) };
}

function fromAssist(assist: CodeAssist): CompletionSource {
  return async (context): Promise<CompletionResult | null> => {
    const word = context.matchBefore(/\w*/);
    if (!word) return null;
    const before = context.state.sliceDoc(Math.max(0, word.from - 1), word.from);
    if (word.from === word.to && before !== "." && !context.explicit) return null;
    if (/^\d/.test(word.text)) return null;
    const control = new AbortController();
    context.addEventListener("abort", () => { control.abort(); });
    try {
      const found = await assist.complete(spotAt(context.state.doc, context.pos), control.signal);
      if (found.length > 0) {
        const options = found.map(
          ({ name, kind }, index): Completion => ({ label: name, type: ICONS[kind] ?? "variable", boost: -index / MANY, info: () => explained(assist, asWritten(context, word.from, name)) }),
        );
        return { from: word.from, options, ...(found.length < MANY ? { validFor: word.text.startsWith("_") ? /^\w*$/ : /^(?!_)\w*$/ } : {}) };
      }
    } catch {
      // Nobody answers, or typing went on: the names of Python itself are offered.
    }
    return context.aborted || before === "." ? null : ((await globalCompletion(context)) ?? null);
  };
}

/** Completion of Python code by who knows it, what a name is where the pointer rests on it, what a call takes. The file's own names are there at once. */
export function assisted(assist: CodeAssist): Extension {
  const hover = hoverTooltip(async (view, at) => {
    const { name } = syntaxTree(view.state).resolveInner(at, 1);
    if (NO_CODE.includes(name) || !view.state.wordAt(at)) return null;
    const note = await explained(assist, spotAt(view.state.doc, at));
    return note === null ? null : { pos: at, above: true, create: () => ({ dom: note }) };
  });
  const hint = callHint(({ doc, selection }, signal) => assist.signatures(spotAt(doc, selection.main.head), signal));
  return [autocompletion({ override: [ifNotIn(NO_CODE, localCompletionSource), ifNotIn(NO_CODE, fromAssist(assist))] }), hover, hint];
}
