/** What a flow's class is made with, as a form: values by their types, connections by name, and models behind connections. */
import { coerceField, type Draft, editText, type Field, fieldKind } from "@/ui/inputs/fields";
import type { FlowInput } from "../model";

export interface InitField extends Field {
  /** A model behind a connection, a connection, or a plain value. */
  readonly what: "model" | "connection" | "value";
  /** Under which key a model's configuration names the model. */
  readonly modelKey: "model" | "azure_deployment";
}

/** A model behind a connection; empty texts: not chosen yet. */
export interface ModelChoice {
  readonly connection: string;
  readonly model: string;
}

const AZURE = "AzureOpenAIModelConfiguration";
const CONFIGURATIONS = [AZURE, "OpenAIModelConfiguration"];

function whatOf({ name, type }: FlowInput): InitField["what"] {
  if (CONFIGURATIONS.includes(type) || (name === "model_config" && type === "object")) return "model";
  return type.endsWith("Connection") ? "connection" : "value";
}

/** The field of a parameter. A default that only the code knows leaves the field empty. */
export function initFieldOf(input: FlowInput): InitField {
  const known = input.default !== null && input.default !== undefined;
  return {
    name: input.name,
    kind: whatOf(input) === "value" ? fieldKind(input.type) : "text",
    typeLabel: input.type,
    description: input.description ?? null,
    required: !(input.has_default ?? false),
    hasDefault: known,
    defaultValue: input.default,
    options: [],
    what: whatOf(input),
    modelKey: input.type === AZURE ? "azure_deployment" : "model",
  };
}

/** What a draft says of a model; a text that is no configuration says nothing. */
export function modelChoiceOf(text: string): ModelChoice {
  try {
    const found = JSON.parse(text) as Partial<Record<string, unknown>> | null;
    const read = (name: string): string => (typeof found?.[name] === "string" ? found[name] : "");
    return { connection: read("connection"), model: read("model") || read("azure_deployment") };
  } catch {
    // Nothing is chosen yet.
    return { connection: "", model: "" };
  }
}

/** A choice as the draft's text. */
export function modelText({ modelKey }: InitField, { connection, model }: ModelChoice): string {
  return connection === "" && model === "" ? "" : JSON.stringify({ connection, [modelKey]: model });
}

export interface InitRead {
  /** What to send; null: everything is as the flow says, so nothing is sent. */
  readonly values: Readonly<Record<string, unknown>> | null;
  readonly errors: Readonly<Record<string, string>>;
}

function modelProblem(text: string): string | null {
  const { connection, model } = modelChoiceOf(text);
  if (connection === "" && text.trim() === "") return "Choose a connection and a model.";
  return model === "" ? "Choose a model." : null;
}

/** The values of a draft: all of them once one is other than the flow says, for a run takes either its own or those of the flow's sample. */
export function readInit(fields: readonly InitField[], draft: Draft): InitRead {
  const values: Record<string, unknown> = {};
  const errors: Record<string, string> = {};
  let isOther = false;
  for (const field of fields) {
    const first = field.hasDefault ? editText(field.defaultValue) : "";
    const text = draft[field.name] ?? first;
    isOther ||= text !== first;
    const problem = field.what === "model" && (field.required || text.trim() !== "") ? modelProblem(text) : null;
    const read = field.what === "model" && text.trim() !== "" ? coerceField({ ...field, kind: "object" }, text) : coerceField(field, text);
    if (problem !== null) errors[field.name] = problem;
    else if (read.kind === "error") errors[field.name] = read.message;
    else if (read.kind === "value" && text.trim() !== "") values[field.name] = read.value;
  }
  return { values: isOther ? values : null, errors };
}

/** How many calls of a model a run makes at most, in words; null: none that is known of. `rows` null: not known. */
export function callsWords(calls: number, rows: number | null, sides: number): string | null {
  if (calls === 0) return null;
  const each = calls === 1 ? "once" : `${String(calls)} times`;
  const more = sides > 1 ? `, for each of ${String(sides)} variants` : "";
  const total = rows === null ? "" : `: ${(rows * calls * sides).toLocaleString("en-US")} calls`;
  return `Asks the model ${each} for each row${more}${total}.`;
}
