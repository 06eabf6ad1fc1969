import type { Model } from "../model";

/** What a value of a parameter is; a text for `list` may be one text, or a JSON list of them. */
type ParameterKind = "number" | "whole" | "text" | "list" | "json" | "flags";

/** A parameter of the chat or completion API, as LLM nodes send it. */
export interface Parameter {
  readonly name: string;
  readonly about: string;
  readonly kind: ParameterKind;
  readonly api: "both" | "chat" | "completion";
  readonly min?: number;
  readonly max?: number;
  /** Texts to choose from; others may be written. */
  readonly offers?: readonly string[];
}

const JSON_FORMATS = ['{"type": "json_object"}', '{"type": "text"}'];

/** All parameters of LLM nodes, the usual ones first. */
export const PARAMETERS: readonly Parameter[] = [
  { name: "temperature", about: "How freely words are chosen: 0 the likeliest, 2 the freest.", kind: "number", api: "both", min: 0, max: 2 },
  { name: "max_tokens", about: "The longest answer, in tokens.", kind: "whole", api: "both", min: 1 },
  { name: "top_p", about: "Only the likeliest words that make up this share, 0 to 1.", kind: "number", api: "both", min: 0, max: 1 },
  { name: "stop", about: 'A text that ends the answer, or several: ["a", "b"].', kind: "list", api: "both" },
  { name: "seed", about: "The same number gives the same answer, as far as the model can.", kind: "whole", api: "both" },
  { name: "response_format", about: "JSON, or an answer by a JSON schema.", kind: "json", api: "chat", offers: JSON_FORMATS },
  { name: "presence_penalty", about: "Against saying again what was said: -2 to 2.", kind: "number", api: "both", min: -2, max: 2 },
  { name: "frequency_penalty", about: "Against saying it often: -2 to 2.", kind: "number", api: "both", min: -2, max: 2 },
  { name: "max_completion_tokens", about: "The longest answer with its reasoning, in tokens.", kind: "whole", api: "chat", min: 1 },
  { name: "reasoning_effort", about: "How long a reasoning model thinks.", kind: "text", api: "chat", offers: ["minimal", "low", "medium", "high"] },
  { name: "tools", about: "The tools that the model may call, as a JSON list.", kind: "json", api: "chat" },
  { name: "tool_choice", about: "Which tool it has to call.", kind: "text", api: "chat", offers: ["auto", "none", "required"] },
  { name: "functions", about: "The older form of tools, as a JSON list.", kind: "json", api: "chat" },
  { name: "function_call", about: "Which function it has to call.", kind: "text", api: "chat", offers: ["auto", "none"] },
  { name: "n", about: "How many answers are made; the first is the output.", kind: "whole", api: "both", min: 1 },
  { name: "logit_bias", about: "Tokens to favour or to avoid, as a JSON object.", kind: "json", api: "both" },
  { name: "logprobs", about: "The probabilities of words: true, or how many.", kind: "flags", api: "both" },
  { name: "user", about: "Who asks, for the provider's abuse checks.", kind: "text", api: "both" },
  { name: "suffix", about: "What comes after the text that is filled in.", kind: "text", api: "completion" },
  { name: "echo", about: "The prompt before the answer: true or false.", kind: "flags", api: "completion" },
  { name: "best_of", about: "The best of so many answers.", kind: "whole", api: "completion", min: 1 },
];

/** The inputs of an LLM node that name its model; the first one that is set counts. */
export const MODEL_INPUTS: readonly string[] = ["deployment_name", "model"];

const RESERVED = new Set([...PARAMETERS.map(({ name }) => name), ...MODEL_INPUTS, "stream"]);

/** Whether an input of an LLM node is for the model, and none of the prompt's variables. */
export function isModelInput(name: string): boolean {
  return RESERVED.has(name);
}

/** The parameters that a node's API takes. */
export function parametersFor(api: string): readonly Parameter[] {
  return PARAMETERS.filter((each) => each.api === "both" || each.api === (api === "completion" ? "completion" : "chat"));
}

/** A parameter's value as it is typed; nothing for one that is not set. */
export function parameterText(value: unknown): string {
  if (value === null || value === undefined) return "";
  return typeof value === "string" ? value : JSON.stringify(value);
}

export type Parsed = { readonly value: unknown } | { readonly problem: string };

function number({ min, max, kind }: Parameter, text: string): Parsed {
  const found = Number(text);
  const what = kind === "whole" ? "a whole number" : "a number";
  const range = min !== undefined && max !== undefined ? ` from ${String(min)} to ${String(max)}` : min !== undefined ? ` of at least ${String(min)}` : "";
  const fits = Number.isFinite(found) && (kind !== "whole" || Number.isInteger(found)) && found >= (min ?? -Infinity) && found <= (max ?? Infinity);
  return fits ? { value: found } : { problem: `It takes ${what}${range}, not ${text}.` };
}

function json(text: string): Parsed {
  try {
    const value = JSON.parse(text) as unknown;
    return typeof value === "object" && value !== null ? { value } : { problem: `It takes JSON in {…} or […], not ${text}.` };
  } catch (error) {
    return { problem: `That is no JSON: ${error instanceof Error ? error.message : String(error)}.` };
  }
}

function list(text: string): Parsed {
  if (!text.trimStart().startsWith("[")) return { value: text };
  const found = json(text);
  if ("problem" in found) return found;
  return Array.isArray(found.value) && found.value.every((item) => typeof item === "string") ? found : { problem: 'It takes a list of texts, as ["a", "b"].' };
}

function flags(text: string): Parsed {
  if (text === "true" || text === "false") return { value: text === "true" };
  return /^\d+$/.test(text) ? { value: Number(text) } : { problem: `It takes true, false or a whole number, not ${text}.` };
}

/** What a text stands for that was typed for a parameter; a reference is taken as it is. The text is not empty. */
export function parsedParameter(parameter: Parameter, text: string): Parsed {
  if (/^\$\{[\s\S]+\}$/.test(text)) return { value: text };
  switch (parameter.kind) {
    case "number":
    case "whole":
      if (parameter.name === "max_tokens" && text === "inf") return { value: text };
      return text.trim() === "" ? { problem: "It takes a number." } : number(parameter, text.trim());
    case "json":
      return json(text);
    case "list":
      return list(text);
    case "flags":
      return flags(text.trim());
    case "text":
      return text.trimStart().startsWith("{") ? json(text) : { value: text };
  }
}

/** What a model's card says against a value of a parameter; null: nothing. The model decides when it is called. */
export function cardSays(model: Model | undefined, parameter: Parameter, value: unknown): string | null {
  if (model === undefined || value === undefined) return null;
  const can = model.capabilities;
  if (/^max_(completion_)?tokens$/.test(parameter.name) && typeof value === "number") {
    const most = model.max_output ?? model.context_length;
    return most !== null && value > most ? `${model.name} writes at most ${String(most)} tokens.` : null;
  }
  if (["tools", "tool_choice", "functions", "function_call"].includes(parameter.name)) return model.tool_use === "no" ? `By its card, ${model.name} calls no tools.` : null;
  if (parameter.name === "reasoning_effort") return can.includes("reasoning") ? null : `The card of ${model.name} tells of no reasoning.`;
  return null;
}
