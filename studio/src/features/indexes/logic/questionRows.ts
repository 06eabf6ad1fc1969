import { formatNumber } from "@/lib/format";
import type { DataRow } from "@/lib/rows";

/** Kinds of questions as a model makes them, in the order in which they are offered. */
export const KINDS = ["short", "long", "boolean", "summary", "conversation"] as const;
export type Kind = (typeof KINDS)[number];
export const KIND_NAMES: Readonly<Record<Kind, string>> = { short: "Short", long: "Long", boolean: "Yes or no", summary: "Overview", conversation: "Follow-up" };

/** A row of a question set. `id` stays while it is changed; `values` are its columns as they are kept. */
export interface QuestionRow {
  readonly id: string;
  readonly values: DataRow;
}

/** What a question and its answer are called in data, the first that is there counts; the first of all is what is written. */
const COLUMNS = { question: ["question", "query", "input"], answer: ["answer", "ground_truth", "response"] } as const;
export type Part = keyof typeof COLUMNS;

function columnOf(values: DataRow, part: Part): string {
  return COLUMNS[part].find((name) => values[name] !== undefined && values[name] !== null && values[name] !== "") ?? COLUMNS[part].find((name) => name in values) ?? COLUMNS[part][0];
}

function text(value: unknown): string {
  if (value === null || value === undefined) return "";
  return typeof value === "string" ? value : JSON.stringify(value);
}

export function partOf({ values }: QuestionRow, part: Part): string {
  return text(values[columnOf(values, part)]);
}

/** The row with another question or answer, under the name that the column has. */
export function withPart(row: QuestionRow, part: Part, value: string): QuestionRow {
  return { ...row, values: { ...row.values, [columnOf(row.values, part)]: value } };
}

export function kindOf({ values }: QuestionRow): string {
  return text(values.kind);
}

export function kindName(kind: string): string {
  return kind in KIND_NAMES ? KIND_NAMES[kind as Kind] : kind;
}

/** The documents that answer it; any of them does. */
export function documentsOf({ values }: QuestionRow): readonly string[] {
  if (Array.isArray(values.documents)) return values.documents.filter(Boolean).map(text);
  const one = text(values.document);
  return one === "" ? [] : [one];
}

export function contextOf({ values }: QuestionRow): string {
  return text(values.context);
}

/** Where in the document's text its passage begins; null where that is not known. */
export function startOf({ values }: QuestionRow): number | null {
  const start = values.start === null || values.start === "" ? Number.NaN : Number(values.start);
  return Number.isInteger(start) && start >= 0 ? start : null;
}

function field(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>)[name] : undefined;
}

/** The question that this one follows up; empty for none. */
export function beforeOf({ values }: QuestionRow): string {
  const history = values.chat_history;
  return Array.isArray(history) ? text(field(field(history.at(-1), "inputs"), "question")) : "";
}

/** Why a measurement would leave a row out; null for a good one. */
export function rowProblem(row: QuestionRow): string | null {
  if (partOf(row, "question").trim() === "") return "It has no question.";
  return documentsOf(row).length === 0 && contextOf(row).trim() === "" ? "It names no document and no passage that answers it." : null;
}

/** How many of each kind there are, as in "3 short, 2 boolean". */
export function countKinds(rows: readonly QuestionRow[]): string {
  const counts = new Map<string, number>();
  for (const row of rows) {
    const kind = kindOf(row);
    if (kind !== "") counts.set(kind, (counts.get(kind) ?? 0) + 1);
  }
  return [...counts].map(([kind, count]) => `${count} ${kind}`).join(", ");
}

/** The same for people, of what `countKinds` wrote. */
export function tellKinds(counted: string): string {
  return counted
    .split(", ")
    .flatMap((part) => {
      const [count = "", ...kind] = part.split(" ");
      return kind.length === 0 ? [] : [`${formatNumber(Number(count))} ${kindName(kind.join(" ")).toLowerCase()}`];
    })
    .join(", ");
}

/** Rows as a file of JSON lines. */
export function asJsonLines(rows: readonly QuestionRow[]): string {
  return rows.map(({ values }) => `${JSON.stringify(values)}\n`).join("");
}

/** Whether a cell came cut, as previews cut what is very long: such rows cannot be written back. */
export function isCut(values: DataRow): boolean {
  return Object.values(values).some((value) => typeof value === "string" && /… \(\d+ characters\)$/.test(value));
}

/** A question that somebody writes. */
export interface WrittenQuestion {
  readonly question: string;
  readonly answer: string;
  readonly kind: string | null;
  readonly document: string;
  readonly context: string;
}

export function rowOf(id: string, { question, answer, kind, document, context }: WrittenQuestion): QuestionRow {
  const values: Record<string, unknown> = { question: question.trim() };
  if (answer.trim() !== "") values.answer = answer.trim();
  if (context.trim() !== "") values.context = context.trim();
  if (kind !== null) values.kind = kind;
  if (document.trim() !== "") values.document = document.trim();
  return { id, values };
}
