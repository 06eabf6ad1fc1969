import { type Document, Document as NewDocument, isAlias, isMap, isNode, isScalar, isSeq, type Node, Scalar, visit, YAMLMap, YAMLSeq } from "yaml";
import { readYaml } from "../document/yamlText";
import { freeNodeName, RESERVED } from "./nodes";
import { nameOf, nodesOf, type Reference, referencesOf } from "./references";

/** Nodes that were copied, with their variants, and the texts of their files by path. */
export interface Clip {
  /** A document with `nodes` and `node_variants`, as a flow has them. */
  readonly doc: Document;
  readonly files: Readonly<Record<string, string>>;
}

/** What pasting nodes will do to a flow. */
export interface PastePlan {
  /** The name that each node gets, by the one that it had. */
  readonly names: ReadonlyMap<string, string>;
  /** The path that each file gets, by the one that it had. */
  readonly paths: ReadonlyMap<string, string>;
  /** The texts of the files by their new paths. */
  readonly files: Readonly<Record<string, string>>;
  /** What referred to something that the flow does not have, under the new names: an input becomes empty, a condition goes. */
  readonly lost: readonly string[];
  /** The files that the nodes name, and that are neither in the clipboard nor in the flow. */
  readonly missing: readonly string[];
}

const MOST_CHARACTERS = 4 * 1024 * 1024;
const HEAD = " Nodes of a flow, with their files. Paste them into the graph of a flow.";

/** A node of its own: as it was written, or without its anchors, which would mean something else in another place. */
function apart<T extends Node>(doc: Document, node: T): T {
  const ties: Node[] = [];
  visit(node, (_key, each) => {
    if (isAlias(each) || (isNode(each) && "anchor" in each && each.anchor !== undefined)) ties.push(each);
  });
  return (ties.length > 0 ? doc.createNode(node.toJS(doc)) : node.clone()) as T;
}

function tableOf(doc: Document, name: string): YAMLMap | null {
  const table = doc.getIn(["node_variants", name], true);
  return isMap(table) ? table : null;
}

function variantsIn(table: unknown): readonly YAMLMap[] {
  const variants = isMap(table) ? table.get("variants") : null;
  return (isMap(variants) ? variants.items : []).flatMap(({ value }) => {
    const node = isMap(value) ? value.get("node") : null;
    return isMap(node) ? [node] : [];
  });
}

/** Each node of a document with what its variants say instead. */
function facesOf(doc: Document): readonly (readonly [string, YAMLMap])[] {
  return nodesOf(doc).flatMap((node) => [node, ...variantsIn(tableOf(doc, nameOf(node)))].map((face) => [nameOf(node), face] as const));
}

function pathIn(face: YAMLMap): string | null {
  const path = isMap(face.get("source")) ? face.getIn(["source", "path"]) : null;
  return typeof path === "string" && path !== "" ? path : null;
}

/** The paths of the files that nodes and their variants are made of, each once. */
export function filesOf(doc: Document, names: readonly string[]): readonly string[] {
  const found = facesOf(doc).flatMap(([name, face]) => (names.includes(name) ? [pathIn(face)] : []));
  return [...new Set(found.filter((path) => path !== null))];
}

function gathered(nodes: readonly Node[], tables: readonly (readonly [string, Node])[]): Document {
  const doc = new NewDocument(new YAMLMap());
  const list = new YAMLSeq();
  list.items.push(...nodes);
  doc.set("nodes", list);
  if (tables.length > 0) {
    const map = new YAMLMap();
    for (const [name, table] of tables) map.set(name, table);
    doc.set("node_variants", map);
  }
  return doc;
}

/** Copies nodes of a flow in the order of its file, and the files that `text` has. Throws Error when none of them is there. */
export function copyNodes(doc: Document, names: readonly string[], text: (path: string) => string | null): Clip {
  const nodes = nodesOf(doc).filter((node) => names.includes(nameOf(node)));
  if (nodes.length === 0) throw new Error("None of these nodes is in the flow's file.");
  const tables = nodes.flatMap((node) => {
    const table = tableOf(doc, nameOf(node));
    return table ? [[nameOf(node), apart(doc, table)] as const] : [];
  });
  const files = filesOf(doc, names).flatMap((path) => {
    const found = text(path);
    return found === null ? [] : [[path, found] as const];
  });
  return { doc: gathered(nodes.map((node) => apart(doc, node)), tables), files: Object.fromEntries(files) };
}

/** A clip as a text for the clipboard: YAML that people can read, and that `readClip` reads. */
export function clipText({ doc, files }: Clip): string {
  const copy = doc.clone();
  copy.commentBefore = HEAD;
  const texts = new YAMLMap();
  for (const [path, text] of Object.entries(files)) {
    const scalar = new Scalar(text);
    // A block has no way to say which ends its lines have.
    scalar.type = text.includes("\r") ? Scalar.QUOTE_DOUBLE : Scalar.BLOCK_LITERAL;
    texts.set(path, scalar);
  }
  if (texts.items.length > 0) copy.set("files", texts);
  return copy.toString({ lineWidth: 0, indentSeq: false });
}

/** Where the nodes are in what was read: in a flow's `nodes`, or as a list or a single node of its own. */
function itemsOf(contents: unknown): readonly unknown[] | null {
  if (isSeq(contents)) return contents.items;
  if (!isMap(contents)) return null;
  const nodes = contents.get("nodes");
  if (isSeq(nodes)) return nodes.items;
  return contents.has("name") && (contents.has("type") || contents.has("source") || contents.has("use_variants")) ? [contents] : null;
}

function whatCame(contents: unknown): string {
  if (isSeq(contents)) return "a list of something else";
  if (!isMap(contents)) return "a text";
  const keys = contents.items.map(({ key }) => String(isScalar(key) ? key.value : key));
  return `something with ${keys.slice(0, 5).join(", ")}`;
}

function nodesIn(contents: unknown): readonly YAMLMap[] {
  const items = itemsOf(contents);
  if (!items || items.length === 0 || !items.every((item) => isMap(item)))
    throw new Error(`There are no nodes in the clipboard: YAML with \`nodes:\` and a list of nodes was expected, and ${items?.length === 0 ? "an empty list" : whatCame(contents)} came.`);
  const names = items.map(nameOf);
  if (names.includes("")) throw new Error(`Node ${String(names.indexOf("") + 1)} of those in the clipboard has no name: give it one there, and copy it again.`);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw new Error(`Two of the nodes in the clipboard are called ${twice}: rename one there, and copy them again.`);
  return items;
}

/** Why a path cannot be that of a flow's file; null: it can. */
function pathProblem(path: string): string | null {
  const parts = path.split("/");
  return path.includes("\\") || path.includes(":") || parts.some((part) => part === "" || part.startsWith(".")) ? `The clipboard names the file ${path}, which would not be inside the flow's folder.` : null;
}

function filesIn(contents: unknown): Readonly<Record<string, string>> {
  const files = isMap(contents) ? contents.get("files") : undefined;
  if (files === undefined || files === null) return {};
  if (!isMap(files)) throw new Error("`files` in the clipboard is no list of paths with their texts.");
  const found: Record<string, string> = {};
  for (const { key, value } of files.items) {
    const path = String(isScalar(key) ? key.value : key);
    const problem = pathProblem(path);
    if (problem !== null) throw new Error(problem);
    if (!isScalar(value) || typeof value.value !== "string") throw new Error(`The file ${path} in the clipboard has no text.`);
    found[path] = value.value;
  }
  return found;
}

/** Reads nodes from a text: from `clipText`, or YAML as a flow has it. Throws Error that says what it is instead. */
export function readClip(text: string): Clip {
  if (text.trim() === "") throw new Error("There is no text in the clipboard: copy nodes first.");
  if (text.length > MOST_CHARACTERS) throw new Error("The text in the clipboard has more than 4 MiB: copy fewer nodes.");
  const doc = readYaml(text);
  const [error] = doc.errors;
  if (error) throw new Error(`There are no nodes in the clipboard, but a text that cannot be read as YAML: ${error.message.split("\n")[0] ?? ""}`);
  const nodes = nodesIn(doc.contents);
  const tables = nodes.map(nameOf).flatMap((name) => {
    const table = isMap(doc.contents) ? tableOf(doc, name) : null;
    return table ? [[name, apart(doc, table)] as const] : [];
  });
  return { doc: gathered(nodes.map((node) => apart(doc, node)), tables), files: filesIn(doc.contents) };
}

/** The path itself, or the first of `prompt_2.jinja2`, `prompt_3.jinja2`, … that is free. */
function freePath(path: string, taken: readonly string[]): string {
  if (!taken.includes(path)) return path;
  const [, stem = path, ending = ""] = /^(.*?)((?:\.[^./]*)?)$/s.exec(path) ?? [];
  let count = 2;
  while (taken.includes(`${stem}_${String(count)}${ending}`)) count += 1;
  return `${stem}_${String(count)}${ending}`;
}

function keysOf(map: unknown): readonly string[] {
  return isMap(map) ? map.items.map(({ key }) => String(isScalar(key) ? key.value : key)) : [];
}

function isLost({ source, scalar }: Reference, doc: Document): boolean {
  if (source !== "inputs") return !nodesOf(doc).some((node) => nameOf(node) === source);
  const input = /^\$\{[^.]+\.([^.[\]{}]+)/.exec(scalar.value)?.[1];
  return input === undefined || !keysOf(doc.get("inputs")).includes(input);
}

/** What it would do to paste a clip into a flow that has the files `paths`. */
export function planPaste(doc: Document, clip: Clip, paths: readonly string[]): PastePlan {
  const names = new Map<string, string>();
  const taken = [...RESERVED, ...nodesOf(doc).map(nameOf), ...keysOf(doc.get("node_variants"))];
  for (const node of nodesOf(clip.doc)) names.set(nameOf(node), freeNodeName(nameOf(node), [...taken, ...names.values()]));
  const moved = new Map<string, string>();
  const used = filesOf(clip.doc, [...names.keys()]);
  for (const path of used) if (clip.files[path] !== undefined) moved.set(path, freePath(path, [...paths, ...moved.values()]));
  const lost = referencesOf(clip.doc).filter((reference) => !names.has(reference.source) && isLost(reference, doc));
  return {
    names,
    paths: moved,
    files: Object.fromEntries([...moved].map(([from, to]) => [to, clip.files[from] ?? ""])),
    lost: [...new Set(lost.map(({ node, field }) => `${names.get(node ?? "") ?? ""}.${field}`))],
    missing: used.filter((path) => !moved.has(path) && !paths.includes(path)),
  };
}

function refer(clip: Document, doc: Document, names: PastePlan["names"]): void {
  for (const reference of referencesOf(clip)) {
    const { source, scalar, field, key, holder } = reference;
    const name = names.get(source);
    if (name !== undefined) scalar.value = `\${${name}${scalar.value.slice(2 + source.length)}`;
    else if (!isLost(reference, doc)) continue;
    else if (field === "activate" && key === "when") {
      for (const [, face] of facesOf(clip)) if (face.get("activate") === holder) face.delete("activate");
    } else scalar.value = "";
  }
}

/** Adds the nodes of a clip as planned, with their variants: after the node `after`, or after all others. */
export function pasteNodes(doc: Document, clip: Clip, { names, paths }: PastePlan, after?: string): void {
  const copy = clip.doc.clone();
  refer(copy, doc, names);
  const tables = nodesOf(copy).map((node) => [nameOf(node), tableOf(copy, nameOf(node))] as const);
  for (const [name, face] of facesOf(copy)) {
    const path = paths.get(pathIn(face) ?? "");
    if (path !== undefined) face.setIn(["source", "path"], path);
    if (face.has("name")) face.set("name", names.get(name));
  }
  const pasted = nodesOf(copy);
  const nodes = doc.get("nodes");
  if (isSeq(nodes)) {
    if (nodes.items.length === 0) nodes.flow = false;
    const at = nodes.items.findIndex((node) => isMap(node) && nameOf(node) === after);
    nodes.items.splice(at < 0 ? nodes.items.length : at + 1, 0, ...pasted);
  } else doc.set("nodes", copy.get("nodes"));
  for (const [name, table] of tables) if (table) addTable(doc, names.get(name) ?? name, table);
}

function addTable(doc: Document, name: string, table: YAMLMap): void {
  const all = doc.get("node_variants");
  if (isMap(all)) {
    if (all.items.length === 0) all.flow = false;
    all.add(doc.createPair(name, table));
    return;
  }
  const made = new YAMLMap();
  made.items = [doc.createPair(name, table)];
  doc.set("node_variants", made);
}
