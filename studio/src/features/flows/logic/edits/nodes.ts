import { type Document, isMap, isScalar, isSeq, type Node, type YAMLMap } from "yaml";
import type { FlowGraph } from "../../model";
import { nameOf, nodesOf, pathBetween, type Reference, referencesOf } from "./references";

/** The kinds of nodes that have a file of their own. */
export type NewKind = "llm" | "prompt" | "python";

/** Names that stand for the flow itself. */
export const RESERVED: readonly string[] = ["inputs", "outputs", "flow"];

const SOURCES: Readonly<Record<NewKind, { readonly ending: string; readonly text: string; readonly variable: string }>> = {
  llm: { ending: ".jinja2", text: "# system:\nYou are a helpful assistant.\n\n# user:\n{{question}}\n", variable: "question" },
  prompt: { ending: ".jinja2", text: "{{text}}\n", variable: "text" },
  python: { ending: ".py", text: "from promptflow.core import tool\n\n\n@tool\ndef run(text: str) -> str:\n    return text\n", variable: "text" },
};

/** Why a node cannot have a name; null: it can. */
export function nodeNameProblem(name: string, taken: readonly string[]): string | null {
  if (name === "") return "A node needs a name.";
  if (!/^[A-Za-z_]\w*$/.test(name)) return "A name has letters, digits and _, and begins with no digit.";
  if (RESERVED.includes(name)) return `${name} stands for the flow itself: take another name.`;
  return taken.includes(name) ? `There is a node ${name} already.` : null;
}

/** The first of `name`, `name_2`, `name_3`, … that is free; of a name that has a number, the next ones. */
export function freeNodeName(name: string, taken: readonly string[]): string {
  if (!taken.includes(name)) return name;
  const [, stem = name, number = "1"] = /^(.+?)_([1-9]\d{0,5})$/.exec(name) ?? [];
  let count = Number(number) + 1;
  while (taken.includes(`${stem}_${String(count)}`)) count += 1;
  return `${stem}_${String(count)}`;
}

function namesOf(doc: Document): readonly string[] {
  return nodesOf(doc).map(nameOf);
}

/** A node in the flow's YAML. Throws Error when there is no such node. */
export function nodeOf(doc: Document, name: string): YAMLMap {
  const found = nodesOf(doc).find((node) => node.get("name") === name);
  if (!found) throw new Error(`The flow has no node ${name}: it has ${namesOf(doc).join(", ") || "none"}.`);
  return found;
}

function checkName(doc: Document, name: string): void {
  const problem = nodeNameProblem(name, namesOf(doc));
  if (problem !== null) throw new Error(problem);
}

/** The file a new node begins with: a free path, and its text. */
export function sourceOf(kind: NewKind, name: string, paths: readonly string[]): { readonly path: string; readonly text: string } {
  const { ending, text } = SOURCES[kind];
  let path = `${name}${ending}`;
  for (let count = 2; paths.includes(path); count += 1) path = `${name}_${String(count)}${ending}`;
  return { path, text };
}

/** What a new node begins with, besides its file: the value of the variable that its file takes, and for LLM nodes who answers. */
export interface NewNode {
  readonly value: string;
  readonly connection?: string;
  readonly model?: string;
}

/** The value that a new node takes: the flow's chat input, else its first text, else its first input, else what the last node gives, else nothing. */
export function firstSource({ inputs, nodes }: Pick<FlowGraph, "inputs" | "nodes">): string {
  const input = inputs.find((each) => each.is_chat_input) ?? inputs.find(({ type }) => type === "string") ?? inputs[0];
  if (input) return `\${inputs.${input.name}}`;
  const node = nodes.at(-1);
  return node ? `\${${node.name}.output}` : "";
}

/** Adds a node after the others, with its source file's path and what it begins with. Throws Error for a name that cannot be. */
export function addNode(doc: Document, kind: NewKind, name: string, path: string, begin: NewNode): void {
  checkName(doc, name);
  const { value, connection, model } = begin;
  const inputs = { ...(kind === "llm" && model !== undefined ? { deployment_name: model } : {}), [SOURCES[kind].variable]: value };
  const llm = kind === "llm" ? { ...(connection === undefined ? {} : { connection }), api: "chat" } : {};
  const node = doc.createNode({ name, type: kind, source: { type: "code", path }, inputs, ...llm });
  append(doc, node);
}

/** Adds a node that is a package's tool after the others; its inputs are set then. Throws Error for a name that cannot be. */
export function addTool(doc: Document, name: string, tool: string): void {
  checkName(doc, name);
  append(doc, doc.createNode({ name, type: "python", source: { type: "package", tool }, inputs: {} }));
}

function append(doc: Document, node: Node): void {
  const nodes = doc.get("nodes");
  if (isSeq(nodes)) {
    if (nodes.items.length === 0) nodes.flow = false;
    nodes.add(node);
  } else doc.set("nodes", doc.createNode([node]));
}

/** Renames a node, and with it every reference to it and its variants. Its files keep their names. Throws Error for a name that cannot be. */
export function renameNode(doc: Document, old: string, name: string): void {
  if (old === name) return;
  const node = nodeOf(doc, old);
  checkName(doc, name);
  for (const { source, scalar } of referencesOf(doc)) if (source === old) scalar.value = `\${${name}${scalar.value.slice(2 + old.length)}`;
  node.set("name", name);
  const variants = doc.get("node_variants");
  if (!isMap(variants)) return;
  const own = variants.items.find(({ key }) => String(key) === old);
  if (own) own.key = doc.createNode(name);
}

/**
 * Removes a node and its variants, and what referred to it: inputs of other nodes, conditions, and outputs of the flow.
 * Its files stay. Throws Error when there is no such node.
 */
export function deleteNode(doc: Document, name: string): void {
  const node = nodeOf(doc, name);
  dropReferences(doc, referencesOf(doc).filter(({ source, node: user }) => source === name && user !== name));
  const nodes = doc.get("nodes");
  if (isSeq(nodes)) nodes.items.splice(nodes.items.indexOf(node), 1);
  const variants = doc.get("node_variants");
  if (isMap(variants)) variants.items = variants.items.filter(({ key }) => String(key) !== name);
}

/** Removes values that refer to something: inputs of nodes, conditions, and outputs of the flow. */
export function dropReferences(doc: Document, references: readonly Reference[]): void {
  for (const { node, field, holder, key } of references) {
    if (node === null) doc.deleteIn(["outputs", field]);
    else if (field === "activate" && key === "when") removeActivate(doc, holder);
    else holder.delete(key);
  }
}

function removeActivate(doc: Document, condition: YAMLMap): void {
  for (const node of nodesOf(doc)) if (node.get("activate") === condition) node.delete("activate");
}

/** Why the value cannot be an input of the node: the way that would lead back to it; null: it can. */
export function cycleProblem(doc: Document, source: string, target: string): string | null {
  const path = pathBetween(doc, target, source);
  return path === null ? null : `${target} cannot come after ${source}, which needs it already: ${[...path, target].join(" → ")}.`;
}

/** The source that a reference names; null: the text is a value of its own. */
export function sourceIn(value: unknown): string | null {
  return typeof value === "string" ? (/^\$\{([^.[\]{}]+)[\s\S]*\}$/.exec(value)?.[1] ?? null) : null;
}

/** Sets an input of a node to a value or a reference. Throws Error for no such node, or a reference that would close a cycle. */
export function setInput(doc: Document, name: string, input: string, value: unknown): void {
  const node = nodeOf(doc, name);
  const source = sourceIn(value);
  const problem = source === null ? null : cycleProblem(doc, source, name);
  if (problem !== null) throw new Error(problem);
  const inputs = node.get("inputs");
  const made = typeof value === "object" ? doc.createNode(value) : value;
  if (!isMap(inputs)) node.set("inputs", doc.createNode({ [input]: value }));
  else {
    if (inputs.items.length === 0) inputs.flow = false;
    const present = inputs.get(input, true);
    // Quotes stay as their author chose them; those of an empty text are only there because it is empty.
    if (isScalar(present) && present.value === "") delete present.type;
    inputs.set(input, made);
  }
}

/** Takes an input away from a node. */
export function removeInput(doc: Document, name: string, input: string): void {
  const inputs = nodeOf(doc, name).get("inputs");
  if (isMap(inputs)) inputs.delete(input);
}

/** Sets what an output of the flow is read from, and makes it where there is none. */
export function setOutput(doc: Document, output: string, reference: string): void {
  if (isMap(doc.getIn(["outputs", output]))) doc.setIn(["outputs", output, "reference"], reference);
  else if (isMap(doc.get("outputs"))) doc.setIn(["outputs", output], doc.createNode({ type: "string", reference }));
  else doc.set("outputs", doc.createNode({ [output]: { type: "string", reference } }));
}
