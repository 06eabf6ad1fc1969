import { type Document, isMap } from "yaml";
import { putAt, setAt } from "./paths";

type Fields = Readonly<Record<string, unknown>>;

/** Where a prompty's model is: behind a connection by name, or described in the prompty itself, as one of these types. */
export type ModelPlace = "connection" | "azure_openai" | "openai" | "serverless";

/** What the front matter of a prompty says, as the form shows it. */
export interface PromptySettings {
  readonly name: string;
  readonly description: string;
  readonly api: "chat" | "completion";
  /** The whole response is the output, not the first choice's text. */
  readonly isWhole: boolean;
  readonly place: ModelPlace;
  readonly connection: string | null;
  readonly model: string;
  readonly configuration: Fields;
  readonly parameters: Fields;
}

/** The values of a described model besides its name, by type: what it is called, and what is written for it. */
export const DESCRIBED: Readonly<Record<Exclude<ModelPlace, "connection">, readonly (readonly [key: string, label: string, placeholder: string])[]>> = {
  azure_openai: [
    ["azure_endpoint", "Endpoint", "${env:AZURE_OPENAI_ENDPOINT}"],
    ["api_version", "API version", "${env:OPENAI_API_VERSION}"],
    ["api_key", "API key", "${env:AZURE_OPENAI_API_KEY}"],
  ],
  openai: [
    ["base_url", "Base URL", "${env:OPENAI_BASE_URL}"],
    ["organization", "Organization", "${env:OPENAI_ORG_ID}"],
    ["api_key", "API key", "${env:OPENAI_API_KEY}"],
  ],
  serverless: [
    ["api_base", "Endpoint", "https://…"],
    ["api_key", "API key", "${env:SERVERLESS_API_KEY}"],
  ],
};

const PLACES: Readonly<Record<string, ModelPlace>> = { azure_openai: "azure_openai", azure_open_ai: "azure_openai", openai: "openai", open_ai: "openai", serverless: "serverless" };
const CONFIGURATION = ["model", "configuration"] as const;

function fieldsOf(value: unknown): Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Fields) : {};
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : typeof value === "number" || typeof value === "boolean" ? String(value) : "";
}

/** Reads the front matter of a prompty. */
export function promptySettings(doc: Document): PromptySettings {
  const all = fieldsOf(doc.toJS());
  const model = fieldsOf(all.model);
  const configuration = fieldsOf(model.configuration);
  const connection = textOf(configuration.connection);
  const type = textOf(configuration.type);
  return {
    name: textOf(all.name),
    description: textOf(all.description),
    api: model.api === "completion" ? "completion" : "chat",
    isWhole: model.response === "all",
    place: connection === "" ? (PLACES[type] ?? "connection") : "connection",
    connection: connection === "" ? (type === "local" ? "local" : null) : connection,
    model: textOf(configuration.azure_deployment) || textOf(configuration.model),
    configuration,
    parameters: fieldsOf(model.parameters),
  };
}

/** Names the connection that a prompty's model is behind. What described another goes, as the two contradict each other. */
export function setConnection(doc: Document, name: string): void {
  const { configuration } = promptySettings(doc);
  setAt(doc, [...CONFIGURATION, "connection"], name);
  for (const key of Object.keys(configuration)) if (!["connection", "model", "azure_deployment"].includes(key)) doc.deleteIn([...CONFIGURATION, key]);
}

/** Describes a prompty's model in the prompty itself, as one of a type; its name stays, and what does not belong to that type goes. */
export function describeModel(doc: Document, type: Exclude<ModelPlace, "connection">): void {
  const { configuration, model } = promptySettings(doc);
  const known = DESCRIBED[type].map(([key]) => key);
  setAt(doc, [...CONFIGURATION, "type"], type);
  for (const key of Object.keys(configuration)) if (!["type", "model", "azure_deployment", ...known].includes(key)) doc.deleteIn([...CONFIGURATION, key]);
  if (model !== "") nameModel(doc, model, type === "azure_openai");
}

/** Names a prompty's model. Behind a connection, under the key that names it so far. */
export function nameModel(doc: Document, model: string, isAzure: boolean): void {
  const { configuration, place } = promptySettings(doc);
  const own = isAzure ? "azure_deployment" : "model";
  const written = ["azure_deployment", "model"].find((key) => key in configuration);
  const key = place === "connection" ? (written ?? own) : own;
  if (written !== undefined && written !== key) doc.deleteIn([...CONFIGURATION, written]);
  setAt(doc, [...CONFIGURATION, key], model);
}

/** Sets a value of a described model; an empty text takes it away. */
export function setDescribed(doc: Document, key: string, text: string): void {
  putAt(doc, [...CONFIGURATION, key], text === "" ? undefined : text);
}

/** Why a value of a described model should not be written into the file; null: it may. */
export function describedProblem(key: string, text: string): string | null {
  return key === "api_key" && text !== "" && !/^\$\{env:\w+\}$/.test(text)
    ? "A key is not written into a file that is shared: write ${env:NAME}, or make a connection."
    : null;
}

/** Gives the sample's value for an input the input's new name, in its place. */
export function renameSample(doc: Document, old: string, fresh: string): void {
  const sample = doc.get("sample");
  const pair = isMap(sample) && !sample.has(fresh) ? sample.items.find(({ key }) => String(key) === old) : undefined;
  if (pair) pair.key = doc.createNode(fresh);
}
