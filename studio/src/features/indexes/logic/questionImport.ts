import type { MissingDocument } from "@/api/types";
import { formatNumber } from "@/lib/format";
import type { DataRow } from "@/lib/rows";
import { documentsOf, KINDS, type QuestionRow, rowProblem } from "./questionRows";

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

/** What becomes of questions whose documents a version does not have. */
export type Unmet = "keep" | "meant" | "out";

const TOLD = 3;

/** The documents that questions name, each once. */
export function namedDocuments(rows: readonly QuestionRow[]): readonly string[] {
  return [...new Set(rows.flatMap(documentsOf))];
}

function lastOf(key: string): string {
  return key.replaceAll("\\", "/").split("/").at(-1)?.toLowerCase() ?? "";
}

/** The documents that are there under the same name in another folder, by what questions call them. */
export function moved(missing: readonly MissingDocument[]): ReadonlyMap<string, string> {
  return new Map(missing.flatMap(({ document, meant }) => (meant && lastOf(document) === lastOf(meant) ? [[document, meant] as const] : [])));
}

/** The questions none of whose documents is there. */
export function unmetRows(rows: readonly QuestionRow[], missing: readonly MissingDocument[]): readonly QuestionRow[] {
  const gone = new Set(missing.map(({ document }) => document));
  return rows.filter((row) => documentsOf(row).length > 0 && documentsOf(row).every((document) => gone.has(document)));
}

/** The rows as they are imported: as they are, under the names of the documents that are there, or without those that nothing answers. */
export function settled(rows: readonly QuestionRow[], missing: readonly MissingDocument[], how: Unmet): readonly QuestionRow[] {
  if (how === "keep") return rows;
  if (how === "out") {
    const gone = new Set(unmetRows(rows, missing).map(({ id }) => id));
    return rows.filter(({ id }) => !gone.has(id));
  }
  const there = moved(missing);
  return rows.map((row) => {
    if (!documentsOf(row).some((document) => there.has(document))) return row;
    const named = documentsOf(row).map((document) => there.get(document) ?? document);
    return { ...row, values: { ...row.values, ...(Array.isArray(row.values.documents) ? { documents: named } : { document: named[0] }) } };
  });
}

/** The first documents that are not there, in words. */
export function tellMissing(missing: readonly MissingDocument[]): string {
  const told = missing.slice(0, TOLD).map(({ document, why, meant }) => `${document}${why ? ` (not read: ${why.replace(/\.$/, "")})` : meant ? ` (${meant} is there)` : ""}`);
  return `${told.join(", ")}${missing.length > TOLD ? ` and ${formatNumber(missing.length - TOLD)} more` : ""}.`;
}
