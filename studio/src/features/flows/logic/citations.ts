/** What a flow says of its answer besides the text: the outputs `sentences` and `citations` of the tool that grounds answers. */

export type Support = "supported" | "unsupported" | "no_claim";

export interface CitedSentence {
  readonly text: string;
  readonly support: Support;
  readonly score: number;
  readonly citations: readonly number[];
  /** Of each of these the page that says it; null where a document has no pages, none from flows that do not say it. */
  readonly pages?: readonly (number | null)[];
}

export interface Citation {
  readonly number: number;
  /** `name:version` of the index; null when the passage came from elsewhere. */
  readonly index: string | null;
  readonly document: string;
  readonly page: number | null;
  /** All pages that say what cites it. */
  readonly pages: readonly number[];
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
  const pages = Array.isArray(value.pages) ? value.pages.filter((one) => typeof one === "number") : [];
  return [{ number: value.number, index: text("index"), document: value.document, page, pages, chunk: text("chunk"), text: text("text") ?? "" }];
}

/** What a cited passage is called: its document, and the pages that say what cites it. */
export function placeOf({ document, page, pages }: Citation): string {
  if (pages.length > 1) return `${document}, pages ${pages.join(", ")}`;
  return page === null ? document : `${document}, page ${page}`;
}

/** The grounding among a flow's outputs; null when the flow gives none. */
export function groundingOf(outputs: Fields | null): Grounding | null {
  if (outputs === null || !Array.isArray(outputs.sentences) || !Array.isArray(outputs.citations)) return null;
  const { sentences, citations } = outputs as { sentences: readonly unknown[]; citations: readonly unknown[] };
  if (sentences.length === 0 || !sentences.every(isSentence)) return null;
  return { sentences, citations: citations.flatMap(citationOf) };
}
