import type { Document } from "yaml";
import type { FlowGraph, NodeResult } from "../model";
import { nameOf, nodesOf } from "./edits/references";
import { needsOf } from "./parts";
import type { TestRun } from "./testRun";

/** What a node says: its entry in the flow's file, and its source; null while that is not read. */
export interface NodeText {
  readonly entry: string;
  readonly source: string | null;
}

export type NodeTexts = Readonly<Record<string, NodeText>>;

/** What all nodes say now. */
export function textsOf(graph: FlowGraph, yaml: Document | null, text: (path: string) => string | null): NodeTexts {
  const entries = new Map(yaml ? nodesOf(yaml).map((node) => [nameOf(node), JSON.stringify(node.toJSON())]) : []);
  return Object.fromEntries(
    graph.nodes.map((node) => [
      node.name,
      { entry: entries.get(node.name) ?? JSON.stringify({ ...node, line: null }), source: node.source ? text(node.source) : "" },
    ]),
  );
}

/** What a result was made of: the node's text, and what the nodes that feed it gave. */
export interface Made {
  readonly text: NodeText | undefined;
  readonly fed: Readonly<Record<string, NodeResult | undefined>>;
}

/** The run with a note of what the result of `node` was made of. */
export function withMade(run: TestRun, node: string, graph: FlowGraph, texts: NodeTexts): TestRun {
  const fed = Object.fromEntries((needsOf(graph).get(node) ?? []).map((need) => [need, run.nodes[need]]));
  return { ...run, made: { ...run.made, [node]: { text: texts[node], fed } } };
}

function isSame(one: NodeResult | undefined, other: NodeResult | undefined): boolean {
  return one === other || (one?.status === other?.status && JSON.stringify(one?.output) === JSON.stringify(other?.output));
}

function isChanged(made: Made, text: NodeText | undefined): boolean {
  if (made.text === undefined || text === undefined) return false;
  return made.text.entry !== text.entry || (made.text.source !== null && text.source !== null && made.text.source !== text.source);
}

/** The nodes whose last result is no longer what they would give: their text, or what feeds them, has changed since. */
export function staleOf(run: TestRun, graph: FlowGraph, texts: NodeTexts): ReadonlySet<string> {
  const needs = needsOf(graph);
  const ended = Object.entries(run.made).filter(([name]) => run.nodes[name] !== undefined && run.nodes[name].status !== "running");
  const stale = new Set(
    ended.filter(([name, made]) => isChanged(made, texts[name]) || Object.keys(made.fed).some((need) => !isSame(made.fed[need], run.nodes[need]))).map(([name]) => name),
  );
  for (let before = -1; before !== stale.size; ) {
    before = stale.size;
    for (const [name] of ended) if (needs.get(name)?.some((need) => stale.has(need))) stale.add(name);
  }
  return stale;
}
