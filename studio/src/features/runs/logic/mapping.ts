/** Column mapping: what feeds each input of a flow, and what the first rows make of it. */
import { coerceField, type Field, fieldKind } from "@/ui/inputs/fields";
import type { FlowInput, RunLine } from "../model";
import type { DataRow } from "@/lib/rows";

/** What the values of one row come from. A source that the run does not have is absent; one that the studio cannot look into is "unseen". */
export interface SourceRow {
  readonly data?: DataRow | "unseen";
  readonly "run.inputs"?: DataRow | "unseen";
  readonly "run.outputs"?: DataRow | "unseen";
}
export type SourceName = keyof SourceRow;

/** A row of the data or of another run, by its line: the two are joined by it. */
export interface Sample extends SourceRow {
  readonly line: number;
}

const SOURCES: readonly SourceName[] = ["data", "run.outputs", "run.inputs"];
const REFERENCE = /^\$\{(data|run\.inputs|run\.outputs)\.([^{}]+)\}$/;

/** What an input is mapped to, as it is typed; an absent or empty one leaves it to its default, then to the data's column of its name. */
export type MappingDraft = Readonly<Record<string, string>>;

export type Fed =
  | { readonly kind: "value" | "default"; readonly value: unknown }
  | { readonly kind: "unseen" }
  | { readonly kind: "error"; readonly message: string };

/** The first rows of a run: those of the other run where there is one, each with the data of its line; otherwise those of the data. */
export function samplesOf(data: readonly DataRow[] | "unseen" | null, others: readonly RunLine[] | null, most: number): Sample[] {
  const dataAt = (line: number) => (data === "unseen" ? data : data?.[line]);
  if (others) {
    return others.slice(0, most).map(({ line, inputs, outputs }) => {
      const found = dataAt(line) ?? (data === null ? undefined : "unseen");
      return { line, "run.inputs": inputs, "run.outputs": outputs, ...(found === undefined ? {} : { data: found }) };
    });
  }
  if (data === "unseen") return [{ line: 0, data }];
  return (data ?? []).slice(0, most).map((row, line) => ({ line, data: row }));
}

/** All references that these rows offer: `${data.question}`, …, those of the data first. */
export function referencesOf(rows: readonly SourceRow[]): string[] {
  return SOURCES.flatMap((source) => {
    const names = new Set(rows.flatMap((row) => (row[source] === "unseen" ? [] : Object.keys(row[source] ?? {}))));
    return [...names].map((name) => `\${${source}.${name}}`);
  });
}

/** Under which other names runs and data often have what evaluators take, the likeliest first. */
const ALIKE: Readonly<Record<string, readonly string[]>> = {
  response: ["run.outputs.answer", "run.outputs.output", "run.outputs.response", "data.answer", "data.output"],
  query: ["run.inputs.question", "data.question", "run.inputs.text", "data.input"],
  question: ["run.inputs.query", "data.query"],
  ground_truth: ["data.truth", "data.expected", "data.label", "data.answer"],
  context: ["run.outputs.contexts", "run.outputs.documents", "data.context", "data.contexts"],
};

function alike(name: string, references: readonly string[]): string | undefined {
  const found = (ALIKE[name] ?? []).map((each) => `\${${each}}`).find((each) => references.includes(each));
  const outputs = references.filter((each) => each.startsWith("${run.outputs."));
  return found ?? (name === "response" && outputs.length === 1 ? outputs[0] : undefined);
}

/** A first mapping: each input from the column of its name, wherever one is, else from one that is called alike. */
export function suggestMapping(inputs: readonly FlowInput[], references: readonly string[]): MappingDraft {
  const found = inputs.flatMap(({ name }) => {
    const reference = SOURCES.map((source) => `\${${source}.${name}}`).find((each) => references.includes(each)) ?? alike(name, references);
    return reference === undefined ? [] : [[name, reference] as const];
  });
  return Object.fromEntries(found);
}

function fieldOf(input: FlowInput): Field {
  const hasDefault = input.has_default ?? false;
  return {
    name: input.name,
    kind: fieldKind(input.type),
    typeLabel: input.type,
    description: null,
    required: !hasDefault,
    hasDefault,
    defaultValue: input.default,
    options: [],
  };
}

function unmapped(input: FlowInput, row: SourceRow): Fed {
  if (input.has_default) return { kind: "default", value: input.default };
  const { data } = row;
  if (data === "unseen") return { kind: "unseen" };
  if (data && input.name in data) return { kind: "value", value: data[input.name] };
  return { kind: "error", message: data ? `Needs a value: no column is called ${input.name}.` : "Needs a value." };
}

/** What one row feeds an input that is mapped to `text`. */
export function fed(input: FlowInput, text: string, row: SourceRow): Fed {
  if (text.trim() === "") return unmapped(input, row);
  const match = REFERENCE.exec(text.trim());
  if (match) {
    const [, source = "", column = ""] = match;
    const values = row[source as SourceName];
    if (!values) return { kind: "error", message: source === "data" ? "The run has no data." : "The run builds on no other run." };
    if (values === "unseen") return { kind: "unseen" };
    return column in values ? { kind: "value", value: values[column] } : { kind: "error", message: `The row has no column ${column}.` };
  }
  if (/^\$\{.*\}$/.test(text.trim())) return { kind: "error", message: "Write ${data.column}, ${run.outputs.name}, ${run.inputs.name} or a value." };
  const read = coerceField(fieldOf(input), text);
  return read.kind === "value" ? read : { kind: "error", message: read.kind === "error" ? read.message : "Needs a value." };
}

/** The mapping to send: references as they are, other text as the value of the input's type. */
export function mappingOf(inputs: readonly FlowInput[], draft: MappingDraft): Record<string, unknown> {
  const entries = inputs.flatMap((input): [string, unknown][] => {
    const text = (draft[input.name] ?? "").trim();
    if (text === "") return [];
    if (REFERENCE.test(text)) return [[input.name, text]];
    const read = coerceField(fieldOf(input), draft[input.name] ?? "");
    return [[input.name, read.kind === "value" ? read.value : text]];
  });
  return Object.fromEntries(entries);
}

/** What is wrong with a mapping by the first row, by input; without a row only what is missing can be told. */
export function mappingProblems(inputs: readonly FlowInput[], draft: MappingDraft, row: SourceRow | undefined): Record<string, string> {
  if (!row) return {};
  const found = inputs.flatMap((input): [string, string][] => {
    const result = fed(input, draft[input.name] ?? "", row);
    return result.kind === "error" ? [[input.name, result.message]] : [];
  });
  return Object.fromEntries(found);
}
