import { request, traceOf, workspaceHeaders } from "./client";
import { ApiError } from "./problem";
import { streamEvents } from "./stream";

/** A turn of a conversation, as the OpenAI protocol has it. */
export interface ChatMessage {
  role: "system" | "user" | "assistant";
  content: string;
}

export interface ChatRequest {
  model: string;
  messages: ChatMessage[];
  temperature: number;
  max_tokens: number;
}

/** What a streamed answer cost and where its trace is. Times are milliseconds from the request's start. */
export interface ChatResult {
  promptTokens?: number;
  completionTokens?: number;
  firstTokenMs?: number;
  totalMs: number;
  traceId?: string;
  finishReason?: string;
}

interface ChatChunk {
  choices?: { delta?: { content?: string | null }; finish_reason?: string | null }[];
  usage?: { prompt_tokens?: number; completion_tokens?: number } | null;
  error?: { message?: string; code?: string | number | null };
}

function raise(error: NonNullable<ChatChunk["error"]>): never {
  throw new ApiError({
    code: String(error.code ?? "ModelError"),
    title: "The model stopped with an error",
    status: 502,
    detail: error.message ?? "The stream ended with an error.",
  });
}

/** Streams a chat completion; `onText` gets each piece as it comes. Throws ApiError. */
export async function chat(workspace: string, body: ChatRequest, onText: (text: string) => void, signal: AbortSignal): Promise<ChatResult> {
  const start = performance.now();
  const result: ChatResult = { totalMs: 0 };
  const read = (data: string) => {
    if (data === "[DONE]") return;
    const chunk = JSON.parse(data) as ChatChunk;
    if (chunk.error) raise(chunk.error);
    const choice = chunk.choices?.[0];
    const text = choice?.delta?.content;
    if (text) {
      result.firstTokenMs ??= performance.now() - start;
      onText(text);
    }
    if (choice?.finish_reason) result.finishReason = choice.finish_reason;
    if (chunk.usage) {
      if (chunk.usage.prompt_tokens !== undefined) result.promptTokens = chunk.usage.prompt_tokens;
      if (chunk.usage.completion_tokens !== undefined) result.completionTokens = chunk.usage.completion_tokens;
    }
  };
  const response = await streamEvents(
    "/v1/chat/completions",
    { ...body, stream: true, stream_options: { include_usage: true } },
    (event) => read(event.data),
    signal,
    workspaceHeaders(workspace),
  );
  const traceId = traceOf(response);
  return { ...result, totalMs: performance.now() - start, ...(traceId ? { traceId } : {}) };
}

/** Embeddings of some texts, in their order. */
export async function embed(workspace: string, model: string, input: string[]): Promise<{ vectors: number[][]; tokens?: number; totalMs: number; traceId?: string }> {
  const start = performance.now();
  const response = await request("/v1/embeddings", { method: "POST", body: JSON.stringify({ model, input }), headers: workspaceHeaders(workspace) });
  const body = (await response.json()) as { data: { index: number; embedding: number[] }[]; usage?: { prompt_tokens?: number } };
  const vectors = [...body.data].sort((left, right) => left.index - right.index).map((entry) => entry.embedding);
  const traceId = traceOf(response);
  const tokens = body.usage?.prompt_tokens;
  return { vectors, totalMs: performance.now() - start, ...(tokens === undefined ? {} : { tokens }), ...(traceId ? { traceId } : {}) };
}

/** Cosine similarity of two vectors, from -1 to 1; 0 when one of them is null. */
export function cosine(left: readonly number[], right: readonly number[]): number {
  let dot = 0;
  let a = 0;
  let b = 0;
  left.forEach((value, index) => {
    const other = right[index] ?? 0;
    dot += value * other;
    a += value * value;
    b += other * other;
  });
  return a === 0 || b === 0 ? 0 : dot / Math.sqrt(a * b);
}
