import type { TransformedRow, TransformStep } from "@/api/types";

/** The kinds of steps, as the API names them. */
export type StepKind = keyof TransformStep;

/** A step in the editor: `id` stays while it moves. */
export interface DraftStep {
  readonly id: number;
  readonly step: TransformStep;
}

/** What each kind of step does, in the order of the menu, and what it begins with. */
export const STEP_KINDS: Record<StepKind, { readonly label: string; readonly about: string; readonly start: (columns: readonly string[]) => TransformStep }> = {
  normalize: { label: "Normalise text", about: "Unicode, white space, lower case", start: () => ({ normalize: { columns: [], form: "NFKC", whitespace: true, lowercase: false } }) },
  deduplicate: { label: "Deduplicate", about: "Equal rows, or nearly equal texts", start: () => ({ deduplicate: { columns: [], near: null, shingle: 5 } }) },
  filter_length: { label: "Filter by length", about: "Texts that are too short or too long", start: (columns) => ({ filter_length: { column: columns[0] ?? "", min: 1, max: null, unit: "characters" } }) },
  filter_language: { label: "Filter by language", about: "Texts in the languages that you want", start: (columns) => ({ filter_language: { column: columns[0] ?? "", languages: ["en"], confidence: 0 } }) },
  redact: { label: "Redact", about: "Personal data and secrets become markers", start: () => ({ redact: { columns: [], rules: [] } }) },
  map_columns: { label: "Change columns", about: "Rename, keep, drop, cast", start: () => ({ map_columns: { rename: {}, keep: [], drop: [], cast: {}, add: {} } }) },
  sql: { label: "SQL", about: "One SELECT over the table data", start: () => ({ sql: { query: "SELECT * FROM data" } }) },
  python: { label: "Python", about: "A function of yours, in a process of its own", start: () => ({ python: { function: "", mode: "row", arguments: {} } }) },
};

/** Which kind of step it is. */
export function kindOf(step: TransformStep): StepKind {
  const found = (Object.keys(STEP_KINDS) as StepKind[]).find((kind) => step[kind] !== null && step[kind] !== undefined);
  return found ?? "normalize";
}

function lengthProblem({ column, min, max }: NonNullable<TransformStep["filter_length"]>): string | null {
  if (column === "") return "Choose the column.";
  return typeof max === "number" && max < (min ?? 0) ? "The longest is shorter than the shortest." : null;
}

/** What is missing in a step before it can run; null for nothing. */
export function stepProblem(step: TransformStep, hasCode: boolean): string | null {
  if (step.filter_length) return lengthProblem(step.filter_length);
  if (step.filter_language) {
    if (step.filter_language.column === "") return "Choose the column.";
    if (step.filter_language.languages.length === 0) return "Name a language, such as en.";
  }
  if (step.sql?.query.trim() === "") return "Write a SELECT over the table data.";
  if (step.python) {
    if (!/^[^:]+\.py:[A-Za-z_]\w*$/.test(step.python.function)) return "Name the function as file.py:function.";
    if (!hasCode) return "Upload the file with the function.";
  }
  return null;
}

/** The steps with one moved by so many places. */
export function moved(steps: readonly DraftStep[], id: number, by: number): readonly DraftStep[] {
  const from = steps.findIndex((each) => each.id === id);
  const to = from + by;
  const step = steps[from];
  if (!step || to < 0 || to >= steps.length) return steps;
  const others = steps.filter((each) => each.id !== id);
  return [...others.slice(0, to), step, ...others.slice(to)];
}

/** Lines of `key: value` as a record; what is no such line is left out. */
export function readPairs(text: string): Record<string, string> {
  return Object.fromEntries(
    text.split("\n").flatMap((line) => {
      const at = line.indexOf(":");
      const key = line.slice(0, at).trim();
      const value = line.slice(at + 1).trim();
      return at > 0 && key !== "" && value !== "" ? [[key, value] as const] : [];
    }),
  );
}

/** A record as lines of `key: value`. */
export function writePairs(pairs: Readonly<Record<string, unknown>> | undefined): string {
  return Object.entries(pairs ?? {})
    .map(([key, value]) => `${key}: ${String(value)}`)
    .join("\n");
}

/** Whether a value became another one: the row before is that of the same line. */
export function isChanged(row: TransformedRow, before: TransformedRow | undefined, column: string): boolean {
  if (!before) return false;
  return JSON.stringify(row.values[column]) !== JSON.stringify(before.values[column]);
}

/** A name for the result: that of the source with what was done. */
export function outputName(source: string): string {
  return `${source.slice(0, 94)}-clean`;
}
