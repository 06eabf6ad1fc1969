import { type Document, isMap, isScalar, isSeq, type Scalar, type YAMLMap } from "yaml";

/** A value of the flow that refers to something, and where it stands. */
export interface Reference {
  /** The node that has it; null: an output of the flow. */
  readonly node: string | null;
  /** The input's or output's name, or `activate`. */
  readonly field: string;
  /** What it refers to: a node, or `inputs`. */
  readonly source: string;
  readonly scalar: Scalar<string>;
  /** The map that holds the value, and its key there. */
  readonly holder: YAMLMap;
  readonly key: string;
}

const REFERENCE = /^\$\{([^.[\]{}]+)[\s\S]*\}$/;

/** The nodes of the flow, without what is no map. */
export function nodesOf(doc: Document): readonly YAMLMap[] {
  const nodes = doc.get("nodes");
  return isSeq(nodes) ? nodes.items.filter((item): item is YAMLMap => isMap(item)) : [];
}

/** The name of a node; empty where it has none. */
export function nameOf(node: YAMLMap): string {
  const name = node.get("name");
  return typeof name === "string" || typeof name === "number" ? String(name) : "";
}

function keysOf(map: unknown): readonly string[] {
  return isMap(map) ? map.items.map(({ key }) => String(isScalar(key) ? key.value : key)) : [];
}

function at(holder: unknown, key: string, node: string | null, field: string): readonly Reference[] {
  const scalar = isMap(holder) ? holder.get(key, true) : undefined;
  if (!isMap(holder) || !isScalar(scalar) || typeof scalar.value !== "string") return [];
  const source = REFERENCE.exec(scalar.value)?.[1];
  if (source === undefined) return [];
  return [{ node, field, source: source === "flow" ? "inputs" : source, scalar: scalar as Scalar<string>, holder, key }];
}

function ofNode(node: YAMLMap, name: string): readonly Reference[] {
  const inputs = node.get("inputs");
  return [...keysOf(inputs).flatMap((key) => at(inputs, key, name, key)), ...at(node.get("activate"), "when", name, "activate")];
}

function variantsOf(doc: Document, name: string): readonly YAMLMap[] {
  const variants = doc.getIn(["node_variants", name, "variants"]);
  return keysOf(variants).flatMap((id) => {
    const node = doc.getIn(["node_variants", name, "variants", id, "node"]);
    return isMap(node) ? [node] : [];
  });
}

/** All references of a flow, in the order of the file: of its nodes, their variants, and its outputs. */
export function referencesOf(doc: Document): readonly Reference[] {
  const outputs = doc.get("outputs");
  return [
    ...nodesOf(doc).flatMap((node) => [node, ...variantsOf(doc, nameOf(node))].flatMap((each) => ofNode(each, nameOf(node)))),
    ...keysOf(outputs).flatMap((name) => at(doc.getIn(["outputs", name]), "reference", null, name)),
  ];
}

/** Where the outputs of nodes go besides to each other, as one would say it: `summarize.text`, `output answer`. */
export function usesOf(doc: Document, names: readonly string[]): readonly string[] {
  const uses = referencesOf(doc).filter(({ source, node }) => names.includes(source) && (node === null || !names.includes(node)));
  return [...new Set(uses.map(({ node, field }) => (node === null ? `output ${field}` : `${node}.${field}`)))];
}

/** The nodes on the way from one node to another along references, both included; null: there is no way. */
export function pathBetween(doc: Document, from: string, to: string): readonly string[] | null {
  const next = new Map<string, string[]>();
  for (const { source, node } of referencesOf(doc)) if (node !== null) next.set(source, [...(next.get(source) ?? []), node]);
  const before = new Map<string, string | null>([[from, null]]);
  const waiting = [from];
  for (let name = waiting.shift(); name !== undefined; name = waiting.shift()) {
    if (name === to) {
      const path: string[] = [];
      for (let step: string | null = to; step !== null; step = before.get(step) ?? null) path.unshift(step);
      return path;
    }
    for (const found of next.get(name) ?? []) {
      if (before.has(found)) continue;
      before.set(found, name);
      waiting.push(found);
    }
  }
  return null;
}
