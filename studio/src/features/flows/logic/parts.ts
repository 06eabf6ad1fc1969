import type { FlowGraph, NodeResult } from "../model";
import { INPUTS_NODE } from "./layout";
import type { RunPart } from "./testRun";

/** What a test run asks of the server. */
export interface TestRequest {
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly node?: string;
  readonly onward?: boolean;
  readonly outputs?: Readonly<Record<string, unknown>>;
  readonly bypassed?: readonly string[];
  /** `${node.variant_id}`: that node is that variant. */
  readonly variant?: string;
  /** Other values of nodes' keys, such as their model. */
  readonly overrides?: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/** The nodes that feed each node, its condition included. */
export function needsOf(graph: FlowGraph): ReadonlyMap<string, readonly string[]> {
  const needs = new Map(graph.nodes.map((node): [string, string[]] => [node.name, []]));
  for (const { source, target } of graph.edges) if (source !== INPUTS_NODE && needs.has(source)) needs.get(target)?.push(source);
  return needs;
}

/** The nodes that a part runs, in the order of the file; all of them where there is no part. */
export function chosenBy(graph: FlowGraph, part: RunPart | null): readonly string[] {
  const names = graph.nodes.map((node) => node.name);
  if (part === null) return names;
  const chosen = new Set([part.node]);
  const needs = needsOf(graph);
  for (let before = 0; part.onward && before !== chosen.size; ) {
    before = chosen.size;
    for (const [name, used] of needs) if (used.some((each) => chosen.has(each))) chosen.add(name);
  }
  return names.filter((name) => chosen.has(name));
}

/** What to ask for to run a part: flow inputs under names that no node's own input has, and what all other nodes gave. */
export function requestOf(
  part: RunPart | null,
  chosen: readonly string[],
  inputs: Readonly<Record<string, unknown>>,
  results: Readonly<Record<string, NodeResult>>,
): TestRequest {
  if (part === null) return { inputs };
  const others = Object.values(results).filter(({ node }) => !chosen.includes(node));
  return {
    inputs: Object.fromEntries(Object.entries(inputs).map(([name, value]) => [`inputs.${name}`, value])),
    node: part.node,
    onward: part.onward,
    outputs: Object.fromEntries(others.filter(({ status }) => status === "completed").map(({ node, output }) => [node, output])),
    bypassed: others.filter(({ status }) => status === "bypassed").map(({ node }) => node),
  };
}
