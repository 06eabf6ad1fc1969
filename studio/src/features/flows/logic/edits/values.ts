/** A value of an input as it is typed: texts as they are, all else as JSON. */
export function valueText(value: unknown): string {
  if (value === null || value === undefined) return "";
  return typeof value === "string" ? value : JSON.stringify(value);
}

/**
 * What a text that was typed for an input stands for: of the kind the value had; a number or true and false where it had none. A list or an
 * object stays one. Throws Error for a text that is none then.
 */
export function typedValue(text: string, before: unknown): unknown {
  const isReference = text.startsWith("${");
  if (typeof before === "string" && before !== "" && !before.startsWith("${")) return text;
  if (typeof before === "object" && before !== null && !isReference) return json(text);
  if (/^-?(?:0|[1-9]\d*)(?:\.\d+)?$/.test(text)) return Number(text);
  return text === "true" || text === "false" ? text === "true" : text;
}

function json(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw new Error(`A list or an object is written as JSON: ${error instanceof Error ? error.message : String(error)}.`, { cause: error });
  }
}
