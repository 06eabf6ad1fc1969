import { type Document, isMap } from "yaml";
import { MODEL_INPUTS } from "../parameters";
import { nodeOf, setInput } from "./nodes";

/** The connection, API and such of a node, as its own YAML says them. */
export interface NodeSettings {
  readonly connection: string | null;
  readonly api: "chat" | "completion";
  readonly aggregation: boolean;
  readonly activate: { readonly when: string; readonly is: unknown } | null;
}

function isOn(value: unknown): boolean {
  return value === true || (typeof value === "string" && value.toLowerCase() === "true");
}

/** Reads the settings of a node. Throws Error when there is no such node. */
export function settingsOf(doc: Document, name: string): NodeSettings {
  const node = nodeOf(doc, name);
  const connection = node.get("connection");
  const activate = node.get("activate");
  const when = isMap(activate) ? activate.get("when") : undefined;
  const is = isMap(activate) ? (activate.toJS(doc) as { is?: unknown }).is : undefined;
  return {
    connection: typeof connection === "string" && connection !== "" ? connection : null,
    api: node.get("api") === "completion" ? "completion" : "chat",
    aggregation: isOn(node.get("aggregation")) || isOn(node.get("reduce")),
    activate: isMap(activate) ? { when: typeof when === "string" ? when : "", is } : null,
  };
}

/** Sets a key of a node itself, such as `connection`; undefined takes it away. Throws Error when there is no such node. */
export function setSetting(doc: Document, name: string, key: string, value: unknown): void {
  const node = nodeOf(doc, name);
  if (value === undefined) node.delete(key);
  else node.set(key, value);
}

/** Names the model of an LLM node: in the input that names it so far, else in `fresh`. Throws Error when there is no such node. */
export function setModel(doc: Document, name: string, model: string, fresh: string): void {
  const inputs = nodeOf(doc, name).get("inputs");
  const key = MODEL_INPUTS.find((each) => isMap(inputs) && inputs.has(each)) ?? fresh;
  setInput(doc, name, key, model);
}
