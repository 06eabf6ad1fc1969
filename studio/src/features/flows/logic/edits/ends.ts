import { type Document, isMap, type YAMLMap } from "yaml";
import { dropReferences } from "./nodes";
import { type Reference, referencesOf } from "./references";

/** An end of the flow: what comes in, or what goes out. */
export type End = "inputs" | "outputs";

/** What an input is for a chat; an output can only be the answer, `input`. */
export type ChatMarker = "input" | "history" | null;

const MARKERS = ["is_chat_input", "is_chat_history"] as const;

/** The name of the flow's input that a value refers to; null: it refers to none. */
function inputIn({ source, scalar }: Reference): string | null {
  return source === "inputs" ? (/^\$\{(?:inputs|flow)\.([\s\S]*)\}$/.exec(scalar.value)?.[1] ?? null) : null;
}

function usesOfInput(doc: Document, name: string): readonly Reference[] {
  return referencesOf(doc).filter((reference) => inputIn(reference) === name);
}

/** Where a flow's input goes, as one would say it: `summarize.text`, `output answer`. */
export function inputUses(doc: Document, name: string): readonly string[] {
  return [...new Set(usesOfInput(doc, name).map(({ node, field }) => (node === null ? `output ${field}` : `${node}.${field}`)))];
}

/** Why an input or output cannot have a name; null: it can. */
export function endNameProblem(name: string, taken: readonly string[]): string | null {
  if (name === "") return "It needs a name.";
  if (!/^[A-Za-z_]\w*$/.test(name)) return "A name has letters, digits and _, and begins with no digit.";
  return taken.includes(name) ? `There is ${name} already.` : null;
}

function tableOf(doc: Document, end: End): YAMLMap | null {
  const table = doc.get(end);
  return isMap(table) ? table : null;
}

function checkName(doc: Document, end: End, name: string): void {
  const taken = tableOf(doc, end)?.items.map(({ key }) => String(key)) ?? [];
  const problem = endNameProblem(name, taken);
  if (problem !== null) throw new Error(problem);
}

/** Adds an input or an output after the others. Throws Error for a name that cannot be. */
export function addEnd(doc: Document, end: End, name: string, fields: Readonly<Record<string, unknown>>): void {
  checkName(doc, end, name);
  const table = tableOf(doc, end);
  if (table === null) doc.set(end, doc.createNode({ [name]: fields }));
  else {
    if (table.items.length === 0) table.flow = false;
    table.set(doc.createNode(name), doc.createNode(fields));
  }
}

/** Gives an input or output another name; every reference to an input is changed with it. Throws Error for a name that cannot be. */
export function renameEnd(doc: Document, end: End, old: string, name: string): void {
  checkName(doc, end, name);
  const pair = tableOf(doc, end)?.items.find(({ key }) => String(key) === old);
  if (!pair) throw new Error(`The flow has no ${old} among its ${end}.`);
  if (end === "inputs") for (const { scalar } of usesOfInput(doc, old)) scalar.value = `${scalar.value.slice(0, scalar.value.indexOf(".") + 1)}${name}}`;
  pair.key = doc.createNode(name);
}

/** Sets a field of an input or output, such as `type`; undefined takes it away. */
export function setEnd(doc: Document, end: End, name: string, field: string, value: unknown): void {
  const fields = tableOf(doc, end)?.get(name);
  if (!isMap(fields)) doc.setIn([end, name], doc.createNode(value === undefined ? {} : { [field]: value }));
  else if (value === undefined) fields.delete(field);
  else fields.set(field, typeof value === "object" ? doc.createNode(value) : value);
}

/** Says what an input or output is for a chat. Only one of them can be it, so it is taken from another that was. */
export function setMarker(doc: Document, end: End, name: string, marker: ChatMarker): void {
  const key = end === "outputs" ? "is_chat_output" : marker === "history" ? "is_chat_history" : "is_chat_input";
  for (const pair of tableOf(doc, end)?.items ?? []) {
    if (!isMap(pair.value)) continue;
    if (String(pair.key) === name) for (const each of end === "outputs" ? ["is_chat_output"] : MARKERS) pair.value.delete(each);
    else if (marker !== null) pair.value.delete(key);
  }
  if (marker !== null) setEnd(doc, end, name, key, true);
}

/** Removes an input, with what refers to it in nodes, conditions and outputs; or an output. */
export function removeEnd(doc: Document, end: End, name: string): void {
  if (end === "inputs") dropReferences(doc, usesOfInput(doc, name));
  doc.deleteIn([end, name]);
}
