/** What a flow says of its answer besides the text: the outputs `sentences` and `citations` of the tool that grounds answers. */

export type Support = "supported" | "unsupported" | "no_claim";

export interface CitedSentence {
  readonly text: string;
  readonly support: Support;
  readonly score: number;
  readonly citations: readonly number[];
}

export interface Citation {
  readonly number: number;
  /** `name:version` of the index; null when the passage came from elsewhere. */
  readonly index: string | null;
  readonly document: string;
  readonly page: number | null;
  readonly chunk: string | null;
  readonly text: string;
}

export interface Grounding {
  readonly sentences: readonly CitedSentence[];
  readonly citations: readonly Citation[];
}

type Fields = Readonly<Record<string, unknown>>;

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isSentence(value: unknown): value is CitedSentence {
  return (
    isFields(value) &&
    typeof value.text === "string" &&
    typeof value.score === "number" &&
    ["supported", "unsupported", "no_claim"].includes(String(value.support)) &&
    Array.isArray(value.citations)
  );
}

function citationOf(value: unknown): Citation[] {
  if (!isFields(value) || typeof value.number !== "number" || typeof value.document !== "string") return [];
  const text = (name: string): string | null => (typeof value[name] === "string" ? value[name] : null);
  const page = typeof value.page === "number" ? value.page : null;
  return [{ number: value.number, index: text("index"), document: value.document, page, chunk: text("chunk"), text: text("text") ?? "" }];
}

/** The grounding among a flow's outputs; null when the flow gives none. */
export function groundingOf(outputs: Fields | null): Grounding | null {
  if (outputs === null || !Array.isArray(outputs.sentences) || !Array.isArray(outputs.citations)) return null;
  const { sentences, citations } = outputs as { sentences: readonly unknown[]; citations: readonly unknown[] };
  if (sentences.length === 0 || !sentences.every(isSentence)) return null;
  return { sentences, citations: citations.flatMap(citationOf) };
}
