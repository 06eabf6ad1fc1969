/** What a text that was typed for an input stands for: of the kind the value had; a number or true and false where it had none. */
export function typedValue(text: string, before: unknown): unknown {
  if (typeof before === "string" && before !== "" && !before.startsWith("${")) return text;
  if (/^-?(?:0|[1-9]\d*)(?:\.\d+)?$/.test(text)) return Number(text);
  return text === "true" || text === "false" ? text === "true" : text;
}
