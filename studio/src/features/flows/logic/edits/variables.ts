import { type Document, isMap } from "yaml";
import type { FlowGraph } from "../../model";
import { nodeOf } from "./nodes";

/** What a file needs that its node does not give, and what the node gives that the file does not take. */
export interface InputChanges {
  readonly missing: readonly string[];
  readonly unused: readonly string[];
}

/** Compares what a file takes with a node's inputs; `open`: it takes whatever there is. */
export function inputChanges(takes: readonly string[], has: readonly string[], open = false): InputChanges {
  return {
    missing: takes.filter((name) => !has.includes(name)),
    unused: open ? [] : has.filter((name) => !takes.includes(name)),
  };
}

/** The value that a new input begins with: the flow's input of that name, or what the node of that name gives, else nothing. */
export function firstValue(graph: FlowGraph, node: string, input: string): string {
  if (graph.inputs.some(({ name }) => name === input)) return `\${inputs.${input}}`;
  return input !== node && graph.nodes.some(({ name }) => name === input) ? `\${${input}.output}` : "";
}

/** Gives an input of a node another name: its value, place and comments stay. Throws Error when there is no such node, or the name is taken. */
export function renameNodeInput(doc: Document, name: string, old: string, fresh: string): void {
  const inputs = nodeOf(doc, name).get("inputs");
  if (!isMap(inputs)) return;
  if (inputs.has(fresh)) throw new Error(`The node ${name} has an input ${fresh} already.`);
  const pair = inputs.items.find(({ key }) => String(key) === old);
  if (pair) pair.key = doc.createNode(fresh);
}
