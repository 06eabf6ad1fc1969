import { fieldKind, type Field } from "@/ui/inputs/fields";

type Json = Readonly<Record<string, unknown>>;

function isJson(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function at(value: unknown, ...path: readonly string[]): unknown {
  return path.reduce<unknown>((here, key) => (isJson(here) ? here[key] : undefined), value);
}

/** Follows a local `$ref` (RFC 6901 pointer within the document), at most a few deep. */
function resolve(document: unknown, schema: unknown, deep = 5): unknown {
  const reference = at(schema, "$ref");
  if (typeof reference !== "string" || !reference.startsWith("#/") || deep === 0) return schema;
  const path = reference
    .slice(2)
    .split("/")
    .map((part) => part.replaceAll("~1", "/").replaceAll("~0", "~"));
  return resolve(document, at(document, ...path), deep - 1);
}

function typeOf(schema: Json): string {
  if (schema.format === "password") return "secret";
  const declared = Array.isArray(schema.type) ? (schema.type as unknown[]).find((type) => type !== "null") : schema.type;
  return typeof declared === "string" ? declared : "any";
}

function fieldOf(name: string, schema: Json, required: boolean): Field {
  const type = typeOf(schema);
  const hasDefault = "default" in schema;
  return {
    name,
    kind: fieldKind(type),
    typeLabel: type,
    description: typeof schema.description === "string" ? schema.description : null,
    required: required && !hasDefault,
    hasDefault,
    defaultValue: schema.default,
    options: Array.isArray(schema.enum) ? (schema.enum as unknown[]) : [],
  };
}

/** The request schema of the POST operation whose path ends with `/score`. */
function scoreSchema(document: unknown): unknown {
  const paths = at(document, "paths");
  if (!isJson(paths)) return undefined;
  const path = Object.keys(paths).find((name) => name.endsWith("/score"));
  if (path === undefined) return undefined;
  return resolve(document, at(paths, path, "post", "requestBody", "content", "application/json", "schema"));
}

/** The form fields of an endpoint's `swagger.json`; null when it does not describe an object for `/score`. */
export function scoreFields(document: unknown): readonly Field[] | null {
  const schema = scoreSchema(document);
  const properties = at(schema, "properties");
  if (!isJson(properties)) return null;
  const listed = at(schema, "required");
  const required = new Set(Array.isArray(listed) ? (listed as unknown[]) : []);
  return Object.entries(properties).flatMap(([name, property]) => {
    const resolved = resolve(document, property);
    return isJson(resolved) ? [fieldOf(name, resolved, required.has(name))] : [];
  });
}

/** A body that the schema would accept, to begin from: examples and defaults first, else an empty value of the type. */
export function sampleBody(fields: readonly Field[]): Readonly<Record<string, unknown>> {
  const empty: Readonly<Record<string, unknown>> = { integer: 0, number: 0, boolean: false, list: [], object: {} };
  return Object.fromEntries(
    fields.map((field) => [field.name, field.hasDefault ? field.defaultValue : (field.options[0] ?? empty[field.kind] ?? "")]),
  );
}
