import { type Document, isMap, isScalar, isSeq, type Pair, YAMLMap } from "yaml";
import { nodeOf } from "./nodes";
import { nameOf } from "./references";

/** The variants of a node as the flow's YAML has them. */
export interface VariantTable {
  readonly ids: readonly string[];
  /** The one that runs where none is asked for; null: none is named, or one that is not there. */
  readonly defaultId: string | null;
}

/** What stays at a node whose variants say all else. */
const OWN = ["name", "use_variants"];

function keyOf({ key }: Pair): string {
  return String(isScalar(key) ? key.value : key);
}

function pairOf(map: unknown, key: string): Pair | undefined {
  return isMap(map) ? map.items.find((pair) => keyOf(pair) === key) : undefined;
}

function childOf(map: unknown, key: string): YAMLMap | null {
  const value = pairOf(map, key)?.value;
  return isMap(value) ? value : null;
}

function usesVariants(doc: Document, name: string): boolean {
  const used = nodeOf(doc, name).get("use_variants");
  return used === true || (typeof used === "string" && used.toLowerCase() === "true");
}

function tableOf(doc: Document, name: string): YAMLMap | null {
  return childOf(doc.get("node_variants"), name);
}

/** The variants of a node by id. Throws Error when it has none. */
function allOf(doc: Document, name: string): YAMLMap {
  const all = usesVariants(doc, name) ? childOf(tableOf(doc, name), "variants") : null;
  if (all === null) throw new Error(`The node ${name} has no variants.`);
  return all;
}

/** Reads which variants a node has; null: it has none. Throws Error when there is no such node. */
export function variantTable(doc: Document, name: string): VariantTable | null {
  if (!usesVariants(doc, name)) return null;
  const table = tableOf(doc, name);
  const ids = childOf(table, "variants")?.items.map(keyOf) ?? [];
  const chosen = table?.get("default_variant_id");
  return { ids, defaultId: ids.find((id) => id === chosen || (typeof chosen === "number" && id === String(chosen))) ?? null };
}

/** The fields of a variant. Throws Error when it is not there. */
function variantOf(doc: Document, name: string, id: string): YAMLMap {
  const node = childOf(childOf(allOf(doc, name), id), "node");
  if (node === null) throw new Error(`The node ${name} has no variant ${id}.`);
  return node;
}

/** Why a variant cannot have an id; null: it can. */
export function variantIdProblem(id: string, taken: readonly string[]): string | null {
  if (id === "") return "A variant needs a name.";
  if (!/^[A-Za-z_]\w*$/.test(id)) return "A name has letters, digits and _, and begins with no digit.";
  return taken.includes(id) ? `There is a variant ${id} already.` : null;
}

function checkId(doc: Document, name: string, id: string): void {
  const problem = variantIdProblem(id, variantTable(doc, name)?.ids ?? []);
  if (problem !== null) throw new Error(problem);
}

/** The first of `variant_0`, `variant_1`, … that is free. */
export function freeVariantId(taken: readonly string[]): string {
  let count = 0;
  while (taken.includes(`variant_${String(count)}`)) count += 1;
  return `variant_${String(count)}`;
}

/** A free path beside `path` for the file of a variant. */
export function variantPath(path: string, id: string, paths: readonly string[]): string {
  const [, stem = path, ending = ""] = /^(.*?)(\.[^./]*)?$/s.exec(path.replace(/__[A-Za-z_]\w*(?=\.[^./]*$)/, "")) ?? [];
  let free = `${stem}__${id}${ending}`;
  for (let count = 2; paths.includes(free); count += 1) free = `${stem}__${id}_${String(count)}${ending}`;
  return free;
}

function moved(from: YAMLMap, keep: readonly string[]): YAMLMap {
  const to = new YAMLMap();
  to.items = from.items.filter((pair) => !keep.includes(keyOf(pair)));
  from.items = from.items.filter((pair) => keep.includes(keyOf(pair)));
  return to;
}

/** Makes what a node says its first variant, under `id`. */
function becomeVariant(doc: Document, name: string, id: string): void {
  const node = nodeOf(doc, name);
  const fields = moved(node, OWN);
  node.set("use_variants", true);
  const variant = new YAMLMap();
  variant.items = [doc.createPair("node", fields)];
  const variants = new YAMLMap();
  variants.items = [doc.createPair(id, variant)];
  const table = new YAMLMap();
  table.items = [doc.createPair("default_variant_id", id), doc.createPair("variants", variants)];
  const all = doc.get("node_variants");
  if (!isMap(all)) {
    const made = new YAMLMap();
    made.items = [doc.createPair(name, table)];
    doc.set("node_variants", made);
    return;
  }
  if (all.items.length === 0) all.flow = false;
  all.delete(name);
  all.add(doc.createPair(name, table));
}

/**
 * Makes a variant `id` as a copy of `from`; `path` is its own file, null where it has none or keeps that of the other. What a node without
 * variants says becomes the variant `from`. Throws Error for a name that cannot be, or no such node or variant.
 */
export function addVariant(doc: Document, name: string, id: string, from: string, path: string | null): void {
  if (variantTable(doc, name) === null) {
    const problem = variantIdProblem(from, []);
    if (problem !== null) throw new Error(problem);
    becomeVariant(doc, name, from);
  }
  checkId(doc, name, id);
  const copy = doc.createNode(variantOf(doc, name, from).toJS(doc)) as YAMLMap;
  if (path !== null) copy.setIn(["source", "path"], path);
  const variant = new YAMLMap();
  variant.items = [doc.createPair("node", copy)];
  allOf(doc, name).add(doc.createPair(id, variant));
}

/** Gives a variant another id. Runs that were made of it keep the old one. Throws Error for an id that cannot be. */
export function renameVariant(doc: Document, name: string, old: string, id: string): void {
  if (old === id) return;
  checkId(doc, name, id);
  const isDefault = variantTable(doc, name)?.defaultId === old;
  const pair = pairOf(allOf(doc, name), old);
  if (!pair) throw new Error(`The node ${name} has no variant ${old}.`);
  pair.key = doc.createNode(id);
  if (isDefault) tableOf(doc, name)?.set("default_variant_id", id);
}

/** Says which variant runs where none is asked for. Throws Error when it is not there. */
export function setDefaultVariant(doc: Document, name: string, id: string): void {
  variantOf(doc, name, id);
  tableOf(doc, name)?.set("default_variant_id", id);
}

/**
 * Removes a variant; its file stays. Where it was the default, the first of the others is. The last one that is left becomes what the node
 * itself says. Throws Error when it is not there.
 */
export function deleteVariant(doc: Document, name: string, id: string): void {
  const table = variantTable(doc, name);
  const all = allOf(doc, name);
  if (!table?.ids.includes(id)) throw new Error(`The node ${name} has no variant ${id}.`);
  const rest = table.ids.filter((each) => each !== id);
  const [first] = rest;
  if (first === undefined) throw new Error(`${id} is the only variant of ${name}: delete the node instead.`);
  if (rest.length > 1) {
    all.items = all.items.filter((pair) => keyOf(pair) !== id);
    if (table.defaultId === id) tableOf(doc, name)?.set("default_variant_id", first);
    return;
  }
  const node = nodeOf(doc, name);
  const kept = variantOf(doc, name, first);
  node.flow = kept.flow === true;
  node.items = [...node.items.filter((pair) => keyOf(pair) === "name"), ...kept.items.filter((pair) => keyOf(pair) !== "name")];
  const tables = doc.get("node_variants");
  if (isMap(tables)) tables.items = tables.items.filter((pair) => keyOf(pair) !== name);
  if (isMap(tables) && tables.items.length === 0) doc.delete("node_variants");
}

/** Puts a variant in the place of its node, as if it had no variants. Gives what puts the node back. */
function putInPlace(doc: Document, name: string, id: string): () => void {
  const fields = variantOf(doc, name, id);
  const nodes = doc.get("nodes");
  const node = nodeOf(doc, name);
  if (!isSeq(nodes)) return () => undefined;
  const at = nodes.items.indexOf(node);
  const before = fields.items.filter((pair) => keyOf(pair) === "name");
  fields.items = [doc.createPair("name", nameOf(node)), ...fields.items.filter((pair) => keyOf(pair) !== "name")];
  nodes.items[at] = fields;
  return () => {
    fields.items = [...before, ...fields.items.filter((pair) => keyOf(pair) !== "name")];
    nodes.items[at] = node;
  };
}

/** Does to a variant what `change` does to its node. Throws Error when it is not there. */
export function editVariant(doc: Document, name: string, id: string, change: (doc: Document) => void): void {
  const putBack = putInPlace(doc, name, id);
  try {
    change(doc);
  } finally {
    putBack();
  }
}

/** The flow as it is with this variant as the node itself, for reading. Throws Error when it is not there. */
export function withVariant(doc: Document, name: string, id: string): Document {
  const copy = doc.clone();
  putInPlace(copy, name, id);
  return copy;
}

/** What two variants differ in besides the text of their files: fields as `inputs.temperature`, with both values; undefined: it has none. */
export interface VariantDifference {
  readonly field: string;
  readonly left: unknown;
  readonly right: unknown;
}

function flat(value: unknown, path: string): readonly (readonly [string, unknown])[] {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return [[path, value]];
  return Object.entries(value).flatMap(([key, each]) => flat(each, path === "" ? key : `${path}.${key}`));
}

/** Which fields of two variants differ, in the order of the first. Throws Error when one is not there. */
export function variantDifferences(doc: Document, name: string, left: string, right: string): readonly VariantDifference[] {
  const [a, b] = [left, right].map((id) => new Map(flat(variantOf(doc, name, id).toJS(doc), ""))) as [Map<string, unknown>, Map<string, unknown>];
  return [...new Set([...a.keys(), ...b.keys()])]
    .map((field) => ({ field, left: a.get(field), right: b.get(field) }))
    .filter((each) => JSON.stringify(each.left) !== JSON.stringify(each.right));
}

/** A variant as tests and runs name it. */
export function variantName(node: string, id: string): string {
  return `\${${node}.${id}}`;
}
