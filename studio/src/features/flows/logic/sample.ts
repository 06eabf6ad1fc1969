import { type Document, isMap } from "yaml";
import { editText } from "@/ui/inputs/fields";

type Fields = Readonly<Record<string, unknown>>;

function fieldsOf(value: unknown): Fields | null {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Fields) : null;
}

/** The file that a sample is in, where the flow names one instead of its values. */
export function sampleFile(value: unknown): string | null {
  if (typeof value !== "string") return null;
  const path = (/^\$\{file:([^}]+)\}$/.exec(value)?.[1] ?? value.replace(/^file:/, "")).replace(/^\.\//, "");
  return path.endsWith(".json") ? path : null;
}

function fieldsIn(value: unknown, text: (path: string) => string | null): Fields {
  const file = sampleFile(value);
  if (file === null) return fieldsOf(value) ?? {};
  try {
    return fieldsOf(JSON.parse(text(file) ?? "{}")) ?? {};
  } catch {
    return {};
  }
}

/** The inputs that a prompty or a flex flow gives as its sample, by its YAML and the file that this may name. */
export function sampleInputs(main: string | null, yaml: Document | null, text: (path: string) => string | null): Fields {
  if (main === null || yaml === null || main.startsWith("flow.dag.") || !isMap(yaml.contents)) return {};
  const sample = fieldsOf(yaml.toJS())?.sample;
  return main.endsWith(".prompty") ? fieldsIn(sample, text) : fieldsIn(fieldsIn(sample, text).inputs, text);
}

/** A sample as the text of a form. */
export function sampleDraft(sample: Fields): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(sample).map(([name, value]) => [name, editText(value)]));
}
