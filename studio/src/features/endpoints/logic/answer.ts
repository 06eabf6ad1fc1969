/** What an endpoint answered, or has answered so far while it streams. */
export interface Answer {
  readonly phase: "waiting" | "streaming" | "done";
  readonly status: number | null;
  /** Milliseconds to the response's first byte, and to its end. */
  readonly firstMs: number | null;
  readonly totalMs: number | null;
  readonly traceId: string | null;
  readonly deployment: string | null;
  /** The decoded JSON answer, or the fields of a stream put together. */
  readonly body: unknown;
  readonly streamed: boolean;
}

export const WAITING: Answer = {
  phase: "waiting",
  status: null,
  firstMs: null,
  totalMs: null,
  traceId: null,
  deployment: null,
  body: undefined,
  streamed: false,
};

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function chatDelta(chunk: Record<string, unknown>): string | null {
  const choices = chunk.choices;
  if (!Array.isArray(choices)) return null;
  const choice: unknown = choices[0];
  if (!isRecord(choice)) return "";
  const part = isRecord(choice.delta) ? choice.delta.content : choice.text;
  return typeof part === "string" ? part : "";
}

/**
 * The answer's fields after one more event of a stream. A flow's stream tells `{"field": piece}`, pieces of text are joined; a
 * model's tells OpenAI's chunks, whose text is joined as `content`. Other data is kept as it is.
 */
export function addEvent(body: unknown, data: string): unknown {
  if (data === "[DONE]") return body;
  let piece: unknown;
  try {
    piece = JSON.parse(data) as unknown;
  } catch {
    piece = data;
  }
  const before = isRecord(body) ? body : {};
  if (!isRecord(piece)) return { ...before, data: typeof before.data === "string" ? before.data + String(piece) : piece };
  const delta = chatDelta(piece);
  if (delta !== null) return { ...before, content: (typeof before.content === "string" ? before.content : "") + delta };
  return joined(before, piece);
}

function joined(before: Record<string, unknown>, piece: Record<string, unknown>): Record<string, unknown> {
  const after = { ...before };
  for (const [name, value] of Object.entries(piece)) {
    const known = after[name];
    after[name] = typeof known === "string" && typeof value === "string" ? known + value : value;
  }
  return after;
}

/** The text that a person reads first in an answer: a chat completion's message; undefined when there is none. */
export function answerText(body: unknown): string | undefined {
  if (!isRecord(body) || !Array.isArray(body.choices)) return undefined;
  const choice: unknown = body.choices[0];
  if (!isRecord(choice)) return undefined;
  if (isRecord(choice.message) && typeof choice.message.content === "string") return choice.message.content;
  return typeof choice.text === "string" ? choice.text : undefined;
}
