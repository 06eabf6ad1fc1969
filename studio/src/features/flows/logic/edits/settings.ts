import { type Document, isMap } from "yaml";
import { MODEL_INPUTS } from "../parameters";
import { cycleProblem, nodeOf, setInput, sourceIn } from "./nodes";

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

/** Lets a node run only when a value is another one; null: it always runs. Throws Error for a value that comes after the node itself. */
export function setActivate(doc: Document, name: string, condition: { readonly when: string; readonly is: unknown } | null): void {
  const node = nodeOf(doc, name);
  if (condition === null) {
    node.delete("activate");
    return;
  }
  const source = sourceIn(condition.when);
  const problem = source === null ? null : cycleProblem(doc, source, name);
  if (problem !== null) throw new Error(problem);
  const activate = node.get("activate");
  if (isMap(activate)) {
    if (activate.get("when") !== condition.when) activate.set("when", condition.when);
    activate.set("is", condition.is);
  } else node.set("activate", doc.createNode(condition));
}

/** Makes a node one that runs once, after all rows; or once for each row. */
export function setAggregation(doc: Document, name: string, on: boolean): void {
  const node = nodeOf(doc, name);
  node.delete("reduce");
  if (on) node.set("aggregation", true);
  else node.delete("aggregation");
}

/** A condition's value as it is typed: a text that would be read as something else stands in quotes. */
export function conditionText(value: unknown): string {
  if (typeof value !== "string") return value === undefined ? "" : JSON.stringify(value);
  return conditionValue(value) === value ? value : JSON.stringify(value);
}

/** What a text stands for that was typed for a condition: true and false, null, numbers, texts in quotes; all else is a text. */
export function conditionValue(text: string): unknown {
  if (!/^(?:true|false|null|-?\d+(?:\.\d+)?|".*")$/s.test(text)) return text;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}
