import type { DataRow } from "@/lib/rows";
import { KINDS, type QuestionRow, rowProblem } from "./questionRows";

/** What a column of a file can be in a question set. */
export const TARGETS = ["question", "answer", "document", "context", "kind"] as const;
export type Target = (typeof TARGETS)[number];
export type Mapping = Readonly<Record<Target, string | null>>;

const KNOWN: Readonly<Record<Target, readonly string[]>> = {
  question: ["question", "query", "input", "prompt", "frage"],
  answer: ["answer", "ground_truth", "groundtruth", "response", "expected", "expected_answer", "reference"],
  document: ["document", "documents", "doc", "file", "filename", "source", "path", "document_id", "doc_id"],
  context: ["context", "passage", "text", "chunk", "excerpt", "contexts"],
  kind: ["kind", "type", "category"],
};

/** The columns as they are likely meant, by their names. */
export function guessMapping(columns: readonly string[]): Mapping {
  const plain = new Map(columns.map((name) => [name.trim().toLowerCase().replace(/[\s-]+/g, "_"), name]));
  const found = (target: Target) => KNOWN[target].flatMap((name) => plain.get(name) ?? [])[0] ?? null;
  return { question: found("question"), answer: found("answer"), document: found("document"), context: found("context"), kind: found("kind") };
}

/** Why nothing can be made of a mapping yet; null when something can. */
export function mappingProblem(mapping: Mapping): string | null {
  if (mapping.question === null) return "Say which column has the question.";
  return mapping.document === null && mapping.context === null ? "Say which column names the document that answers, or has the passage." : null;
}

function wholeNumber(value: unknown): number | null {
  const number = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
  return typeof number === "number" && Number.isInteger(number) && number >= 0 ? number : null;
}

function valuesOf(row: DataRow, mapping: Mapping): DataRow {
  const values: Record<string, unknown> = {};
  for (const target of TARGETS) {
    const column = mapping[target];
    const value = column === null ? undefined : row[column];
    if (value === undefined || value === null || value === "") continue;
    if (target === "document" && Array.isArray(value)) values.documents = value;
    else if (target !== "kind" || KINDS.some((kind) => kind === value)) values[target] = typeof value === "string" ? value.trim() : value;
  }
  // A span only means something in the one document that it is of.
  const [start, end] = [wholeNumber(row.start), wholeNumber(row.end)];
  if (values.document !== undefined && start !== null && end !== null && start < end) Object.assign(values, { start, end });
  if (Array.isArray(row.chat_history)) values.chat_history = row.chat_history;
  return values;
}

/** The rows that are questions, and how many are none, with the first reason. */
export function importRows(rows: readonly DataRow[], mapping: Mapping): { readonly rows: readonly QuestionRow[]; readonly leftOut: number; readonly why: string | null } {
  const found: QuestionRow[] = [];
  let why: string | null = null;
  for (const [place, row] of rows.entries()) {
    const made = { id: String(place + 1), values: valuesOf(row, mapping) };
    const problem = rowProblem(made);
    if (problem === null) found.push(made);
    else why ??= `Row ${place + 1}: ${problem}`;
  }
  return { rows: found, leftOut: rows.length - found.length, why };
}
