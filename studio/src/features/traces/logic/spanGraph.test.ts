import { expect, test } from "vitest";
import type { Span, SpanKind } from "../model";
import { nextSpan, placesOf, spanGraph } from "./spanGraph";
import { buildSpanTree } from "./spanTree";

function span(id: string, parent: string | null, kind: SpanKind, name: string, more: Partial<Span> = {}): Span {
  return { trace_id: "t", span_id: id, parent_id: parent, name, kind, status: "ok", start_offset_ms: Number(id), duration_ms: 10, ...more } as Span;
}

const AGENT = [
  span("1", null, "flow", "agent", { duration_ms: 100 }),
  span("2", "1", "llm", "chat m", { prompt_tokens: 5, completion_tokens: 2 }),
  span("3", "1", "tool", "read", { status: "error" }),
  span("4", "1", "llm", "chat m", { prompt_tokens: 7 }),
  span("5", "1", "tool", "read"),
  span("6", "5", "llm", "chat m"),
];

test("spans of one kind and name are one node, and edges count the calls", () => {
  const { nodes, edges } = spanGraph(buildSpanTree(AGENT));
  expect(nodes.map(({ name, spans, errors, duration, tokens, depth }) => [name, spans.length, errors, duration, tokens, depth])).toEqual([
    ["agent", 1, 0, 100, 0, 0],
    ["chat m", 3, 0, 30, 14, 2],
    ["read", 2, 1, 20, 0, 1],
  ]);
  expect(edges).toEqual([
    { source: "flow agent", target: "llm chat m", calls: 2 },
    { source: "flow agent", target: "tool read", calls: 2 },
    { source: "tool read", target: "llm chat m", calls: 1 },
  ]);
});

test("a call of itself takes its time once, however deep", () => {
  const chain = Array.from({ length: 3000 }, (_, at) => span(`${at}`, at === 0 ? null : `${at - 1}`, "function", "again"));
  const { nodes, edges } = spanGraph(buildSpanTree(chain));
  expect(nodes.map(({ spans, duration }) => [spans.length, duration])).toEqual([[3000, 10]]);
  expect(edges).toEqual([{ source: "function again", target: "function again", calls: 2999 }]);
});

test("what is called stands right of what calls it, and a click goes from one span of a node to the next", () => {
  const graph = spanGraph(buildSpanTree(AGENT));
  const places = placesOf(graph);
  // A tool calls the model, too: it stands before it.
  expect(["flow agent", "tool read", "llm chat m"].map((id) => places.get(id)?.x)).toEqual([0, 312, 624]);
  const two = placesOf(spanGraph(buildSpanTree(AGENT.slice(0, 3))));
  expect([two.get("llm chat m"), two.get("tool read")]).toEqual([
    { x: 312, y: -42 },
    { x: 312, y: 42 },
  ]);
  const [, calls] = graph.nodes;
  expect([null, "2", "4", "6"].map((at) => calls && nextSpan(calls, at)?.span_id)).toEqual(["2", "4", "6", "2"]);
});
