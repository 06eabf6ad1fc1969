import { queryOptions } from "@tanstack/react-query";
import { request, traceOf, workspaceHeaders } from "./client";
import { ApiError } from "./problem";
import { streamEvents } from "./stream";

/** A turn of a conversation, as the OpenAI protocol has it. */
export interface ChatMessage {
  role: "system" | "user" | "assistant";
  content: string;
}

/** A request of OpenAI's protocol; what else it holds (temperature, tools, …) is sent as it is. */
export interface ChatRequest {
  readonly model: string;
  readonly messages: readonly unknown[];
  readonly [parameter: string]: unknown;
}

/** A call of a tool that a model asks for. */
export interface AskedCall {
  name: string;
  arguments: string;
}

/** What a streamed answer cost and where its trace is. Times are milliseconds from the request's start. */
export interface ChatResult {
  promptTokens?: number;
  completionTokens?: number;
  firstTokenMs?: number;
  totalMs: number;
  traceId?: string;
  finishReason?: string;
  toolCalls?: AskedCall[];
}

interface ChatChunk {
  choices?: { delta?: { content?: string | null; tool_calls?: { index?: number; function?: Partial<AskedCall> }[] }; finish_reason?: string | null }[];
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

/** Adds a piece of a streamed call of a tool to what came before. */
function addCalls(result: ChatResult, pieces: { index?: number; function?: Partial<AskedCall> }[]): void {
  const calls = (result.toolCalls ??= []);
  for (const { index = 0, function: piece } of pieces) {
    const call = (calls[index] ??= { name: "", arguments: "" });
    call.name += piece?.name ?? "";
    call.arguments += piece?.arguments ?? "";
  }
}

/**
 * Streams a chat completion; `onText` gets each piece as it comes. `replayed` is the call that this one repeats, as
 * `<trace id>-<span id>`: its trace says so. Throws ApiError.
 */
export async function chat(workspace: string, body: ChatRequest, onText: (text: string) => void, signal: AbortSignal, replayed?: string): Promise<ChatResult> {
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
    if (choice?.delta?.tool_calls) addCalls(result, choice.delta.tool_calls);
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
    { ...workspaceHeaders(workspace), ...(replayed === undefined ? {} : { "X-Flowyard-Replay-Of": replayed }) },
  );
  const traceId = traceOf(response);
  return { ...result, totalMs: performance.now() - start, ...(traceId ? { traceId } : {}) };
}

/** The names by which models can be called: of the catalog, of connections, of endpoints. */
export const callableModels = (workspace: string) =>
  queryOptions({
    queryKey: ["callable-models", workspace],
    queryFn: async ({ signal }) => {
      const response = await request("/v1/models", { headers: workspaceHeaders(workspace), signal });
      const { data } = (await response.json()) as { data: { id: string }[] };
      return data.map(({ id }) => id);
    },
    staleTime: 60_000,
  });

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
