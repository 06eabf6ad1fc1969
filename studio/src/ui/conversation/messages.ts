/** Chat messages out of a span's attributes, whoever wrote them: OTel GenAI parts, OpenAI messages, or either as JSON text. */

export interface ToolCall {
  readonly id: string | null;
  readonly name: string;
  readonly arguments: string;
}

export interface ChatMessage {
  readonly role: string;
  readonly name: string | null;
  readonly text: string;
  readonly toolCalls: readonly ToolCall[];
  readonly finishReason: string | null;
}

export interface Conversation {
  readonly input: readonly ChatMessage[];
  readonly output: readonly ChatMessage[];
}

type Attributes = Readonly<Record<string, unknown>>;

const INPUT_KEYS = ["gen_ai.input.messages", "gen_ai.prompt", "llm.input_messages"];
const OUTPUT_KEYS = ["gen_ai.output.messages", "gen_ai.completion", "llm.output_messages"];

function isRecord(value: unknown): value is Attributes {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function asText(value: unknown): string {
  if (typeof value === "string") return value;
  return value === null || value === undefined ? "" : JSON.stringify(value, null, 2);
}

function asTextOrNull(value: unknown): string | null {
  return typeof value === "string" && value !== "" ? value : null;
}

/** A value that may be JSON text, decoded; other text stays text. */
export function decoded(value: unknown): unknown {
  if (typeof value !== "string" || !/^\s*[[{"]/.test(value)) return value;
  try {
    return JSON.parse(value) as unknown;
  } catch {
    return value;
  }
}

function partText(part: unknown): string {
  if (!isRecord(part)) return asText(part);
  const type = part.type;
  if (type === "text" || type === "reasoning") return asText(part.content ?? part.text);
  if (type === "tool_call" || type === "tool_use") return "";
  if (type === "tool_call_response") return asText(part.response ?? part.result ?? part.content);
  if (type === "image_url" || type === "blob" || type === "uri" || type === "file")
    return `[${typeof part.modality === "string" ? part.modality : "image"}]`;
  return asText(part);
}

function contentText(content: unknown): string {
  return Array.isArray(content) ? content.map(partText).filter(Boolean).join("\n") : asText(content);
}

function toolCall(value: Attributes): ToolCall {
  const called = isRecord(value.function) ? value.function : value;
  return { id: asTextOrNull(value.id), name: asText(called.name), arguments: asText(called.arguments ?? called.input) };
}

function toolCalls(message: Attributes): readonly ToolCall[] {
  const parts = Array.isArray(message.parts) ? message.parts : [];
  const inParts = parts.filter((part): part is Attributes => isRecord(part) && part.type === "tool_call");
  const listed = Array.isArray(message.tool_calls) ? message.tool_calls.filter(isRecord) : [];
  return [...inParts, ...listed].map(toolCall);
}

function readMessage(value: unknown, role: string): ChatMessage {
  if (!isRecord(value)) return { role, name: null, text: asText(value), toolCalls: [], finishReason: null };
  const inner = isRecord(value.message) ? { ...value, ...value.message } : value;
  return {
    role: asTextOrNull(inner.role) ?? role,
    name: asTextOrNull(inner.name),
    text: contentText(inner.parts ?? inner.content ?? inner.text),
    toolCalls: toolCalls(inner),
    finishReason: asTextOrNull(inner.finish_reason),
  };
}

function readMessages(value: unknown, role: string): readonly ChatMessage[] {
  const found = decoded(value);
  if (found === undefined || found === null || found === "") return [];
  if (Array.isArray(found)) return found.map((item) => readMessage(item, role));
  return [readMessage(found, role)];
}

function firstOf(attributes: Attributes, keys: readonly string[]): unknown {
  const key = keys.find((name) => attributes[name] !== undefined);
  return key === undefined ? undefined : attributes[key];
}

function systemMessages(attributes: Attributes): readonly ChatMessage[] {
  const instructions = decoded(attributes["gen_ai.system_instructions"]);
  if (instructions === undefined || instructions === null) return [];
  return [{ role: "system", name: null, text: contentText(instructions), toolCalls: [], finishReason: null }];
}

/** The conversation of a model call; null when the span tells of none. */
export function readConversation(attributes: Attributes): Conversation | null {
  const input = [...systemMessages(attributes), ...readMessages(firstOf(attributes, INPUT_KEYS), "user")];
  const output = readMessages(firstOf(attributes, OUTPUT_KEYS), "assistant");
  return input.length === 0 && output.length === 0 ? null : { input, output };
}

export interface Payloads {
  readonly input: unknown;
  readonly output: unknown;
}

const INPUT_VALUE_KEYS = ["flowyard.input", "flowyard.inputs", "input.value", "inputs", "gen_ai.tool.call.arguments", ...INPUT_KEYS];
const OUTPUT_VALUE_KEYS = ["flowyard.output", "flowyard.outputs", "output.value", "output", "outputs", "gen_ai.tool.call.result", ...OUTPUT_KEYS];

/** What went in and what came out of any span, decoded; undefined where it was not recorded. */
export function readPayloads(attributes: Attributes): Payloads {
  return { input: decoded(firstOf(attributes, INPUT_VALUE_KEYS)), output: decoded(firstOf(attributes, OUTPUT_VALUE_KEYS)) };
}
