import type { Span } from "../model";
import { decoded } from "@/ui/conversation/messages";

/** A message as OpenAI's protocol has it. */
export type Message = Readonly<Record<string, unknown>> & { readonly role: string };

/** A call of a model, to be changed and sent again. */
export interface Replay {
  readonly model: string;
  readonly messages: readonly Message[];
  /** What else is asked for: temperature, max_tokens, tools, … */
  readonly parameters: Readonly<Record<string, unknown>>;
}

type Fields = Readonly<Record<string, unknown>>;

/** What a parameter is called in OpenAI's protocol, by its attribute (OpenTelemetry semantic conventions for GenAI). */
const PARAMETERS: Readonly<Record<string, string>> = {
  "gen_ai.request.temperature": "temperature",
  "gen_ai.request.top_p": "top_p",
  "gen_ai.request.max_tokens": "max_tokens",
  "gen_ai.request.frequency_penalty": "frequency_penalty",
  "gen_ai.request.presence_penalty": "presence_penalty",
  "gen_ai.request.seed": "seed",
  "gen_ai.request.stop_sequences": "stop",
  "gen_ai.tool.definitions": "tools",
  "flowyard.request.response_format": "response_format",
};

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function text(value: unknown): string {
  if (typeof value === "string") return value;
  return value === undefined || value === null ? "" : JSON.stringify(value);
}

function contentPart(part: Fields): Fields {
  return part.type === "text" ? { type: "text", text: text(part.content ?? part.text) } : part;
}

function callPart(part: Fields): Fields {
  return { id: text(part.id), type: "function", function: { name: text(part.name), arguments: text(part.arguments) } };
}

/** A message in OpenTelemetry's form as messages of OpenAI's: each answer of a tool is one of its own. */
function fromParts(role: string, parts: readonly Fields[]): readonly Message[] {
  const answers = parts.filter((part) => part.type === "tool_call_response");
  if (answers.length > 0) return answers.map((part) => ({ role: "tool", tool_call_id: text(part.id), content: text(part.response ?? part.result ?? part.content) }));
  const calls = parts.filter((part) => part.type === "tool_call").map(callPart);
  const content = parts.filter((part) => part.type !== "tool_call").map(contentPart);
  const plain = content.every((part) => part.type === "text");
  return [{ role, content: plain ? content.map((part) => text(part.text)).join("\n") : content, ...(calls.length > 0 ? { tool_calls: calls } : {}) }];
}

function messagesOf(value: unknown): readonly Message[] {
  const found = decoded(value);
  const list = Array.isArray(found) ? found : found === undefined || found === null ? [] : [found];
  return list.flatMap((item): readonly Message[] => {
    if (!isFields(item)) return [{ role: "user", content: text(item) }];
    const inner = isFields(item.message) ? item.message : item;
    const role = typeof inner.role === "string" ? inner.role : "user";
    return Array.isArray(inner.parts) ? fromParts(role, inner.parts.filter(isFields)) : [{ ...inner, role }];
  });
}

/** The call that a span tells of, as it can be sent again; null where it is no call with messages. */
export function replayOf(span: Span): Replay | null {
  if (span.kind !== "llm") return null;
  const attributes = span.attributes ?? {};
  const instructions = decoded(attributes["gen_ai.system_instructions"]);
  const system = Array.isArray(instructions) ? fromParts("system", instructions.filter(isFields)) : [];
  const messages = [...system, ...messagesOf(attributes["gen_ai.input.messages"] ?? attributes["llm.input_messages"] ?? attributes["gen_ai.prompt"])];
  if (messages.length === 0) return null;
  const parameters = Object.entries(PARAMETERS).flatMap(([attribute, name]) => (attributes[attribute] === undefined || attributes[attribute] === null ? [] : [[name, decoded(attributes[attribute])] as const]));
  return { model: span.model ?? "", messages, parameters: Object.fromEntries(parameters) };
}

/** The model to begin with: the same where it can be called here, or the only one of a connection that is called the same; else none. */
export function modelFor(wanted: string, known: readonly string[]): string {
  if (known.includes(wanted)) return wanted;
  const alike = known.filter((name) => name.endsWith(`/${wanted}`));
  return alike.length === 1 && alike[0] ? alike[0] : "";
}

/** Parameters out of what somebody wrote, or what is wrong with it. */
export function readParameters(written: string): { readonly value: Readonly<Record<string, unknown>> } | { readonly problem: string } {
  if (written.trim() === "") return { value: {} };
  try {
    const found: unknown = JSON.parse(written);
    if (!isFields(found)) return { problem: 'Write an object: {"temperature": 0}.' };
    const taken = ["model", "messages", "stream", "stream_options"].find((name) => name in found);
    return taken === undefined ? { value: found } : { problem: `${taken} is set by this page; take it out.` };
  } catch (error) {
    return { problem: error instanceof SyntaxError ? error.message : String(error) };
  }
}
