/** A form field made from a declared input (of a flow, or of an endpoint's schema), and what its text means as a value. */

export type FieldKind = "text" | "template" | "secret" | "integer" | "number" | "boolean" | "list" | "object" | "image" | "any";

export interface Field {
  readonly name: string;
  readonly kind: FieldKind;
  /** The type as its author wrote it, for the label. */
  readonly typeLabel: string;
  readonly description: string | null;
  readonly required: boolean;
  readonly hasDefault: boolean;
  readonly defaultValue: unknown;
  /** Allowed values; empty means any. */
  readonly options: readonly unknown[];
}

/** What a field's text stands for: a value, nothing at all (the default applies), or a mistake with what to do. */
export type Coerced =
  { readonly kind: "value"; readonly value: unknown } | { readonly kind: "omitted" } | { readonly kind: "error"; readonly message: string };

export type Draft = Readonly<Record<string, string>>;

export interface CoercedDraft {
  readonly values: Readonly<Record<string, unknown>>;
  readonly errors: Readonly<Record<string, string>>;
}

const KINDS: Readonly<Record<string, FieldKind>> = {
  string: "text",
  secret: "secret",
  prompt_template: "template",
  int: "integer",
  integer: "integer",
  double: "number",
  number: "number",
  float: "number",
  bool: "boolean",
  boolean: "boolean",
  list: "list",
  array: "list",
  object: "object",
  image: "image",
  assistant_definition: "object",
};

/** The field kind of a declared type; types that are not known take text or JSON. */
export function fieldKind(type: string): FieldKind {
  return KINDS[type.toLowerCase()] ?? "any";
}

/** A value as a person edits it: text as it is, everything else as JSON. */
export function editText(value: unknown): string {
  if (value === null || value === undefined) return "";
  if (typeof value === "string") return value;
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  return JSON.stringify(value, null, 2);
}

/** The form's first state: each field's default. */
export function initialDraft(fields: readonly Field[]): Draft {
  return Object.fromEntries(fields.map((field) => [field.name, field.hasDefault ? editText(field.defaultValue) : ""]));
}

function value(found: unknown): Coerced {
  return { kind: "value", value: found };
}

function mistake(message: string): Coerced {
  return { kind: "error", message };
}

function parseJson(text: string): { readonly value: unknown } | { readonly message: string } {
  try {
    return { value: JSON.parse(text) as unknown };
  } catch (error) {
    return { message: error instanceof Error ? error.message : String(error) };
  }
}

function coerceInteger(text: string): Coerced {
  if (!/^[+-]?\d+$/.test(text)) return mistake("Expected a whole number, such as 42.");
  const number = Number(text);
  return Number.isSafeInteger(number) ? value(number) : mistake("This number is too large to be exact: its size ends at 2^53.");
}

function coerceNumber(text: string): Coerced {
  const number = Number(text);
  return Number.isFinite(number) ? value(number) : mistake("Expected a number, such as 0.7.");
}

function coerceBoolean(text: string): Coerced {
  const word = text.toLowerCase();
  if (word === "true") return value(true);
  return word === "false" ? value(false) : mistake("Expected true or false.");
}

function coerceJson(text: string, kind: "list" | "object"): Coerced {
  const parsed = parseJson(text);
  if ("message" in parsed) return mistake(`Not JSON yet: ${parsed.message}`);
  const found = parsed.value;
  if (kind === "list") return Array.isArray(found) ? value(found) : mistake('Expected a list, such as ["a", "b"].');
  const isObject = typeof found === "object" && found !== null && !Array.isArray(found);
  return isObject ? value(found) : mistake('Expected an object, such as {"key": "value"}.');
}

function coerceAny(text: string): Coerced {
  const looksLikeJson = /^\s*[[{]/.test(text);
  if (!looksLikeJson) return value(text);
  const parsed = parseJson(text);
  return value("value" in parsed ? parsed.value : text);
}

function coerceOption(field: Field, text: string): Coerced {
  const found = field.options.find((option) => editText(option) === text);
  return found === undefined ? mistake(`Expected one of ${field.options.map(editText).join(", ")}.`) : value(found);
}

/** What an empty field means: a cleared text default is an empty text, another default applies by itself, the rest is missing. */
function coerceEmpty(field: Field): Coerced {
  const isText = field.kind === "text" || field.kind === "template" || field.kind === "any";
  if (field.hasDefault) return isText && field.options.length === 0 ? value("") : { kind: "omitted" };
  return field.required ? mistake("Needs a value.") : { kind: "omitted" };
}

/** Reads one field's text as its value. */
export function coerceField(field: Field, text: string): Coerced {
  if (text.trim() === "") return coerceEmpty(field);
  if (field.options.length > 0) return coerceOption(field, text);
  switch (field.kind) {
    case "text":
    case "template":
    case "secret":
      return value(text);
    case "integer":
      return coerceInteger(text.trim());
    case "number":
      return coerceNumber(text.trim());
    case "boolean":
      return coerceBoolean(text.trim());
    case "list":
    case "object":
      return coerceJson(text, field.kind);
    case "image":
    case "any":
      return coerceAny(text);
  }
}

/** Reads a whole form: the values to send, and what is wrong by field. */
export function coerceDraft(fields: readonly Field[], draft: Draft): CoercedDraft {
  const values: Record<string, unknown> = {};
  const errors: Record<string, string> = {};
  for (const field of fields) {
    const read = coerceField(field, draft[field.name] ?? "");
    if (read.kind === "value") values[field.name] = read.value;
    else if (read.kind === "error") errors[field.name] = read.message;
  }
  return { values, errors };
}
