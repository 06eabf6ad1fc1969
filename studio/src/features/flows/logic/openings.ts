import type { DataRow } from "@/api/types";
import type { FlowGraph } from "../model";
import type { ChatShape } from "./chat";

/** So many questions stand in an empty chat. */
export const MOST_OPENINGS = 4;

/** The data asset to which a flow's test cases go, unless another one is named. */
export function casesOf(flow: string): string {
  return `${flow}-cases`;
}

/** What can be asked to begin with: what the flow's message may be or is by itself, then the questions of its test cases; each once. */
export function openings(graph: FlowGraph, shape: ChatShape, cases: readonly DataRow[]): readonly string[] {
  if (shape.message !== "text") return [];
  const asked = graph.inputs.find(({ name }) => name === shape.question);
  const said = [...(asked?.enum ?? []), asked?.default, ...cases.map(({ values }) => values[shape.question])];
  const texts = said.filter((each): each is string => typeof each === "string" && each.trim() !== "").map((each) => each.trim());
  return [...new Set(texts)].slice(0, MOST_OPENINGS);
}
