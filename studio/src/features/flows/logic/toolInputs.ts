import type { FlowTool, ToolInput, ToolValue } from "../model";

type Values = Readonly<Record<string, unknown>>;

/** Whether a value is written in the flow as a reference to another node or an input, so that it is known only in a run. */
export function isReference(value: unknown): boolean {
  return typeof value === "string" && /^\$\{.*\}$/.test(value);
}

function valueOf(input: string, tool: FlowTool, values: Values): unknown {
  return values[input] ?? tool.inputs?.find((other) => other.name === input)?.default;
}

/** Whether an input has a value. */
export function isGiven(value: unknown): boolean {
  return value !== undefined && value !== null && value !== "";
}

function isEnabled(input: ToolInput, tool: FlowTool, values: Values): boolean {
  if (!input.enabled_by) return true;
  const by = valueOf(input.enabled_by, tool, values);
  const among = input.enabled_by_value ?? [];
  return isGiven(by) && (among.length === 0 || among.includes(by));
}

/** The inputs of a tool that a form shows for the values so far, in the tool's order. */
export function shownInputs(tool: FlowTool, values: Values): readonly ToolInput[] {
  return (tool.inputs ?? []).filter((input) => !input.hidden && (input.name in values || isEnabled(input, tool, values)));
}

/** The inputs that a form shows only to make another one of them, for the values so far, in the order of the function that makes it. */
export function makingInputs(tool: FlowTool, made: ToolInput, values: Values): readonly ToolInput[] {
  const found = (made.generated_by?.inputs ?? []).map((name) => tool.inputs?.find((input) => input.name === name));
  return found.filter((input) => input?.hidden === true && isEnabled(input, tool, values)) as readonly ToolInput[];
}

/** The values that an input's choices depend on, as far as they are known before a run. */
export function known(tool: FlowTool, input: ToolInput, values: Values): Record<string, unknown> {
  return knownOf(input.depends_on ?? [], tool, values);
}

/** Those of the named inputs' values that are known before a run, defaults included. */
export function knownOf(names: readonly string[], tool: FlowTool, values: Values): Record<string, unknown> {
  const found = names.map((name) => [name, valueOf(name, tool, values)] as const);
  return Object.fromEntries(found.filter(([, value]) => isGiven(value) && !isReference(value)));
}

/** How a value is written in a field. */
export function textOf(value: unknown): string {
  if (value === undefined || value === null) return "";
  return typeof value === "string" ? value : JSON.stringify(value);
}

const NUMBERS = new Set(["int", "double", "float"]);
const PARSED = new Set([...NUMBERS, "bool", "list", "object"]);

/** What a field's text means for an input: one of the values that were offered, a reference, or the text as the input's type has it. */
export function parsed(text: string, input: ToolInput, offered: readonly ToolValue[]): unknown {
  const chosen = offered.find((value) => textOf(value.value) === text);
  if (chosen) return chosen.value;
  const types = input.types ?? [];
  if (isReference(text) || types.length === 0 || !types.every((type) => PARSED.has(type))) return text;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}
