import type { FlowGraph } from "../model";
import type { TestRun } from "./testRun";

/** A reference that an input may have, and the type of what it refers to; empty where that is not known yet. */
export interface Offer {
  readonly value: string;
  readonly type: string;
  /** The value of the last run, shortened; empty where there is none. */
  readonly seen: string;
}

/** How deep, and how many values below a node's output are offered. */
const DEPTH = 3;
const MOST = 60;
const SEEN_LENGTH = 60;
const STEP = /(\w+)|\['(.*?)'\]|\[(\d+)\]/g;

/** The type of a value, in a flow's own words. */
export function typeOf(value: unknown): string {
  if (value === null || value === undefined) return "null";
  if (Array.isArray(value)) return "list";
  if (typeof value === "number") return Number.isInteger(value) ? "int" : "double";
  if (typeof value === "boolean") return "bool";
  return typeof value === "object" ? "object" : typeof value;
}

function shortened(value: unknown): string {
  const text = typeof value === "string" ? value : value === undefined ? "" : JSON.stringify(value);
  const line = text.replaceAll(/\s+/g, " ").trim();
  return line.length > SEEN_LENGTH ? `${line.slice(0, SEEN_LENGTH)}…` : line;
}

function childrenOf(value: unknown): readonly (readonly [string, unknown])[] {
  if (Array.isArray(value)) return value.length > 0 ? [["[0]", value[0] as unknown]] : [];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).map(([key, child]) => [/^\w+$/.test(key) ? `.${key}` : `['${key}']`, child]);
}

function below(path: string, value: unknown, depth: number): Offer[] {
  return childrenOf(value).flatMap(([step, child]) => {
    const at = `${path}${path.endsWith(".output") && step.startsWith("[") ? "." : ""}${step}`;
    return [{ value: `\${${at}}`, type: typeOf(child), seen: shortened(child) }, ...(depth > 1 ? below(at, child, depth - 1) : [])];
  });
}

/** The nodes that come after a node: what they give cannot be its input. */
function after(graph: FlowGraph, node: string): ReadonlySet<string> {
  const found = new Set([node]);
  for (const name of found) for (const edge of graph.edges) if (edge.source === name) found.add(edge.target);
  return found;
}

/**
 * The references that an input of a node may have: the flow's inputs, what other nodes give, and below that what they gave in the last
 * run. `node` null: all of them, as for an output of the flow.
 */
export function offersFor(graph: FlowGraph, outputs: Readonly<Record<string, unknown>>, node: string | null): readonly Offer[] {
  const late = node === null ? new Set<string>() : after(graph, node);
  return [
    ...graph.inputs.map((input) => ({ value: `\${inputs.${input.name}}`, type: input.type, seen: input.has_default ? shortened(input.default) : "" })),
    ...graph.nodes
      .filter(({ name }) => !late.has(name))
      .flatMap(({ name, kind }) => {
        const path = `${name}.output`;
        const known = name in outputs;
        const value = outputs[name];
        const type = known ? typeOf(value) : kind === "llm" || kind === "prompt" ? "string" : "";
        return [{ value: `\${${path}}`, type, seen: known ? shortened(value) : "" }, ...below(path, value, DEPTH).slice(0, MOST)];
      }),
  ];
}

/** What the nodes gave in a run, by name; those that did not end well are left out. */
export function outputsOf(run: TestRun): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.values(run.nodes).flatMap((result) => (result.status === "completed" ? [[result.node, result.output]] : [])));
}

/** The offers that go with what is typed: all for nothing or a whole reference, else those that have every part of it. */
export function matching(offers: readonly Offer[], text: string): readonly Offer[] {
  const typed = text.trim();
  if (typed === "" || /^\$\{.*\}$/.test(typed)) return offers;
  if (!typed.startsWith("$")) return [];
  const words = typed.replaceAll(/[${}]/g, "").toLowerCase().split(/[\s.]+/).filter(Boolean);
  return offers.filter(({ value }) => words.every((word) => value.toLowerCase().includes(word)));
}

/** What a value of an input stands for with these inputs and outputs; undefined: that is not known. A value that is no reference is itself. */
export function resolved(value: unknown, inputs: Readonly<Record<string, unknown>>, outputs: Readonly<Record<string, unknown>>): unknown {
  const inner = typeof value === "string" ? /^\$\{([\s\S]+)\}$/.exec(value)?.[1] : undefined;
  if (inner === undefined) return value;
  const input = /^(?:inputs|flow)\.([\s\S]*)$/.exec(inner)?.[1];
  if (input !== undefined) return inputs[input];
  const [node = "", , ...path] = inner.split(".");
  let found = outputs[node];
  for (const [, word, key, index] of path.join(".").matchAll(STEP)) {
    if (typeof found !== "object" || found === null) return undefined;
    found = (found as Record<string, unknown>)[index ?? word ?? key ?? ""];
  }
  return found;
}
