import { StreamLanguage, type LanguageSupport, type StreamParser } from "@codemirror/language";
import type { Extension } from "@codemirror/state";

const LOADERS: Readonly<Record<string, () => Promise<LanguageSupport | Extension>>> = {
  py: async () => (await import("@codemirror/lang-python")).python(),
  yaml: async () => (await import("@codemirror/lang-yaml")).yaml(),
  yml: async () => (await import("@codemirror/lang-yaml")).yaml(),
  json: async () => (await import("@codemirror/lang-json")).json(),
  ipynb: async () => (await import("@codemirror/lang-json")).json(),
  jsonl: async () => (await import("@codemirror/lang-json")).json(),
  md: async () => (await import("@codemirror/lang-markdown")).markdown(),
  prompty: promptLanguage,
  jinja2: promptLanguage,
  jinja: promptLanguage,
  j2: promptLanguage,
};

const ROLE = /^\s*#?\s*(system|user|assistant|function|tool)\s*:\s*$/i;

/** Prompt templates: role lines stand out, the rest is Jinja's marks and plain text. */
const promptParser: StreamParser<{ inside: string | null }> = {
  name: "prompt",
  startState: () => ({ inside: null }),
  token(stream, state) {
    if (state.inside !== null) return insideMark(stream, state);
    if (stream.sol() && ROLE.test(stream.string)) {
      stream.skipToEnd();
      return "heading";
    }
    const open = stream.match(/^(\{\{|\{%|\{#)/);
    if (open) {
      state.inside = { "{{": "}}", "{%": "%}", "{#": "#}" }[stream.current()] ?? null;
      return state.inside === "#}" ? "comment" : "brace";
    }
    stream.next();
    stream.match(/^[^{\n]+/);
    return null;
  },
};

function insideMark(stream: Parameters<StreamParser<unknown>["token"]>[0], state: { inside: string | null }): string | null {
  const close = state.inside ?? "}}";
  if (stream.match(close)) {
    state.inside = null;
    return close === "#}" ? "comment" : "brace";
  }
  if (close === "#}") {
    stream.next();
    return "comment";
  }
  if (stream.match(/^(if|elif|else|endif|for|in|endfor|set|not|and|or|is|block|endblock|macro|endmacro|include|raw|endraw)\b/)) return "keyword";
  if (stream.match(/^'[^']*'|^"[^"]*"/)) return "string";
  if (stream.match(/^\d+/)) return "number";
  if (stream.match(/^\w+/)) return "variableName";
  stream.next();
  return null;
}

function promptLanguage(): Promise<Extension> {
  return Promise.resolve(StreamLanguage.define(promptParser));
}

/** SQL with completion of these tables and their columns. */
export async function sqlLanguage(tables: Readonly<Record<string, readonly string[]>>): Promise<Extension> {
  const [{ sql, PostgreSQL }, { autocompletion }] = await Promise.all([import("@codemirror/lang-sql"), import("@codemirror/autocomplete")]);
  const schema = Object.fromEntries(Object.entries(tables).map(([table, columns]) => [table, [...columns]]));
  return [sql({ dialect: PostgreSQL, schema, upperCaseKeywords: true }), autocompletion()];
}

/** What makes a file of this name readable: its language, or nothing for plain text. */
export async function languageOf(path: string): Promise<Extension> {
  const ending = path.split(".").at(-1)?.toLowerCase() ?? "";
  const load = LOADERS[ending];
  return load ? load() : [];
}
