import { type Document, isSeq } from "yaml";
import type { Field, FieldKind } from "@/ui/inputs/fields";
import type { SourceReport } from "../../model";
import { sampleFile } from "../sample";
import { putAt, removeAt, setAt } from "./paths";

type Fields = Readonly<Record<string, unknown>>;
type Parameter = NonNullable<NonNullable<SourceReport["entry"]>["parameters"]>[number];

/** What `flow.flex.yaml` says, as the form shows it. */
export interface FlexSettings {
  readonly entry: string;
  /** The two parts of the entry; empty where it is none. */
  readonly module: string;
  readonly name: string;
  readonly displayName: string;
  readonly description: string;
  /** The folder of the code, with a slash at its end; empty: that of the file. */
  readonly code: string;
  /** What is declared of the class's parameters, and of the inputs. */
  readonly init: Readonly<Record<string, Fields>>;
  readonly inputs: Readonly<Record<string, Fields>>;
  /** The sample's values; null: they are in a file. */
  readonly sampleInit: Fields | null;
  readonly sampleInputs: Fields | null;
  readonly variables: Fields;
  readonly includes: readonly string[];
}

function fieldsOf(value: unknown): Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Fields) : {};
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : typeof value === "number" || typeof value === "boolean" ? String(value) : "";
}

function tableOf(value: unknown): Readonly<Record<string, Fields>> {
  return Object.fromEntries(Object.entries(fieldsOf(value)).map(([name, each]) => [name, fieldsOf(each)]));
}

/** Reads `flow.flex.yaml`. */
export function flexSettings(doc: Document): FlexSettings {
  const all = fieldsOf(doc.toJS());
  const entry = textOf(all.entry);
  const [, module = "", name = ""] = /^([A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*):([A-Za-z_]\w*)$/.exec(entry) ?? [];
  const sample = fieldsOf(all.sample);
  const inFile = sampleFile(all.sample) !== null;
  const partOf = (part: unknown): Fields | null => (inFile || sampleFile(part) !== null ? null : fieldsOf(part));
  const code = textOf(all.code).replace(/^\.\/?/, "");
  return {
    entry,
    module,
    name,
    displayName: textOf(all.display_name),
    description: textOf(all.description),
    code: code === "" || code.endsWith("/") ? code : `${code}/`,
    init: tableOf(all.init),
    inputs: tableOf(all.inputs),
    sampleInit: partOf(sample.init),
    sampleInputs: partOf(sample.inputs),
    variables: fieldsOf(all.environment_variables),
    includes: Array.isArray(all.additional_includes) ? all.additional_includes.map(textOf) : [],
  };
}

/** The file of the flow that the entry's module is; null: the flow has none, so it would be an installed package's. */
export function entryFile({ module, code }: FlexSettings, paths: readonly string[]): string | null {
  const stem = code + module.replaceAll(".", "/");
  return module === "" ? null : ([`${stem}.py`, `${stem}/__init__.py`].find((path) => paths.includes(path)) ?? null);
}

/** Why a text cannot be the entry; null: it can. */
export function entryProblem(text: string): string | null {
  return /^[A-Za-z_]\w*(\.[A-Za-z_]\w*)*:[A-Za-z_]\w*$/.test(text) ? null : "An entry is <module>:<function or class>: chat:answer is the function answer in chat.py.";
}

/** One value that the entry takes: what the code says of it, what the file declares, and what the sample gives. */
export interface EntryValue {
  readonly name: string;
  readonly field: Field;
  /** The default as the code has it written; null: it needs a value. */
  readonly codeDefault: string | null;
  /** The file declares it: then its default is the file's. */
  readonly declared: Fields | null;
  readonly sample: unknown;
  /** The code takes no such name. */
  readonly isStrange: boolean;
}

const KINDS: Readonly<Record<string, FieldKind>> = { str: "text", int: "integer", float: "number", bool: "boolean", list: "list", dict: "object", string: "text", double: "number", object: "object" };
const BY_DEFAULT: readonly (readonly [RegExp, FieldKind, string])[] = [
  [/^-?\d+$/, "integer", "int"],
  [/^-?\d*\.\d+(?:e-?\d+)?$/i, "number", "float"],
  [/^(?:True|False)$/, "boolean", "bool"],
  [/^["']/, "text", "str"],
  [/^[[(]/, "list", "list"],
  [/^\{/, "object", "dict"],
];

function kindOf(type: string, codeDefault: string | null): readonly [FieldKind, string] {
  const bare = type.replace(/^Optional\[(.*)\]$/, "$1").replace(/\s*\|\s*None$/, "");
  const known = KINDS[bare.replace(/\[.*$/, "").toLowerCase()];
  if (known) return [known, type];
  const [, kind, label] = BY_DEFAULT.find(([pattern]) => codeDefault !== null && pattern.test(codeDefault)) ?? [];
  if (type === "" && kind !== undefined && label !== undefined) return [kind, label];
  return ["any", type === "" ? "any" : type];
}

/** The values that a part of the entry takes, in the code's order; then those that only the file knows. `isOpen`: the code takes any name. */
export function entryValues(parameters: readonly Parameter[], isOpen: boolean, declared: Readonly<Record<string, Fields>>, sample: Fields): readonly EntryValue[] {
  const names = [...new Set([...parameters.map(({ name }) => name), ...Object.keys(declared), ...Object.keys(sample)])];
  return names.map((name) => {
    const parameter = parameters.find((each) => each.name === name);
    const codeDefault = parameter?.default ?? null;
    const own = declared[name] ?? null;
    const [kind, typeLabel] = kindOf(parameter?.type ?? textOf(own?.type), codeDefault);
    const field: Field = { name, kind, typeLabel, description: null, required: false, hasDefault: false, defaultValue: null, options: [] };
    return { name, field, codeDefault, declared: own, sample: sample[name], isStrange: parameter === undefined && !isOpen };
  });
}

/** Sets a value of the sample, or takes it away where it is undefined. */
export function setSample(doc: Document, part: "init" | "inputs", name: string, value: unknown): void {
  putAt(doc, ["sample", part, name], value);
}

/** Adds an include after the others. */
export function addInclude(doc: Document, path: string): void {
  const includes = doc.get("additional_includes");
  if (!isSeq(includes)) {
    setAt(doc, ["additional_includes"], [path]);
    return;
  }
  if (includes.items.length === 0) includes.flow = false;
  includes.add(doc.createNode(path));
}

/** Takes the include at a place of the list away. */
export function removeInclude(doc: Document, at: number): void {
  const includes = doc.get("additional_includes");
  if (!isSeq(includes)) return;
  includes.items.splice(at, 1);
  if (includes.items.length === 0) removeAt(doc, ["additional_includes"]);
}
