import { describe, expect, it } from "vitest";
import type { Span } from "../model";
import { buildSpanTree, moveInTree, tellingSpan, visibleRows, type SpanNode } from "./spanTree";

function span(id: string, parent: string | null, start: number, duration = 10, tokens?: number): Span {
  return {
    trace_id: "t",
    span_id: id,
    parent_id: parent,
    name: id,
    kind: "node",
    status: "ok",
    status_message: null,
    started_at: "2026-01-01T00:00:00Z",
    start_offset_ms: start,
    duration_ms: duration,
    prompt_tokens: tokens ?? null,
    completion_tokens: null,
    attributes: {},
    events: [],
  };
}

function outline(nodes: readonly SpanNode[]): unknown {
  return nodes.map((node) => (node.children.length > 0 ? [node.span.span_id, outline(node.children)] : node.span.span_id));
}

describe("buildSpanTree", () => {
  it("nests by parent and orders by start", () => {
    const tree = buildSpanTree([span("late", "root", 5), span("root", null, 0, 20), span("early", "root", 1), span("leaf", "late", 6)]);
    expect(outline(tree)).toEqual([["root", ["early", ["late", ["leaf"]]]]]);
  });

  it("puts spans whose parent is missing at the top", () => {
    expect(outline(buildSpanTree([span("a", "elsewhere", 3), span("b", null, 0)]))).toEqual(["b", "a"]);
  });

  it("shows every span of a ring once", () => {
    expect(outline(buildSpanTree([span("a", "b", 0), span("b", "a", 1), span("self", "self", 2)]))).toEqual(["self", ["a", ["b"]]]);
  });

  it("sums tokens upwards and keeps unknown apart from none", () => {
    const [root, other] = buildSpanTree([span("root", null, 0), span("x", "root", 1, 1, 5), span("y", "root", 2, 1, 7), span("z", null, 9)]);
    expect(root?.tokens).toBe(12);
    expect(other?.tokens).toBeNull();
  });
});

describe("a large trace", () => {
  it("of 30,000 spans, each below the one before, is grown and shown whole", () => {
    const chain = Array.from({ length: 30_000 }, (_none, at) => span(`s${String(at)}`, at > 0 ? `s${String(at - 1)}` : null, at, 1, 1));
    const forest = buildSpanTree(chain);
    expect(forest[0]?.tokens).toBe(30_000);
    const rows = visibleRows(forest, new Set());
    expect(rows).toHaveLength(30_000);
    expect(rows.at(-1)?.node.depth).toBe(29_999);
  });

  it("with 30,000 spans below one keeps their order", () => {
    const fan = Array.from({ length: 30_000 }, (_none, at) => span(`s${String(at)}`, "root", 30_000 - at));
    const rows = visibleRows(buildSpanTree([span("root", null, 0), ...fan]), new Set());
    expect(rows).toHaveLength(30_001);
    expect(rows[1]?.node.span.span_id).toBe("s29999");
  });
});

describe("tellingSpan", () => {
  const http = (id: string, parent: string | null, start: number): Span => ({ ...span(id, parent, start), kind: "http" });

  it("passes over the requests that only came in", () => {
    expect(tellingSpan(buildSpanTree([http("in", null, 0), http("key", "in", 1), span("flow", "in", 2)]))?.span_id).toBe("flow");
  });

  it("prefers what says what went in or came out", () => {
    const told: Span = { ...span("told", "flow", 3), attributes: { "input.value": "hello" } };
    expect(tellingSpan(buildSpanTree([http("in", null, 0), span("flow", "in", 2), told]))?.span_id).toBe("told");
    const asked: Span = { ...http("in", null, 0), attributes: { "flowyard.input": { question: "why" } } };
    expect(tellingSpan(buildSpanTree([asked, span("flow", "in", 2)]))?.span_id).toBe("in");
  });

  it("is the first span where there is nothing else, and none without spans", () => {
    expect(tellingSpan(buildSpanTree([http("in", null, 0), http("out", "in", 1)]))?.span_id).toBe("in");
    expect(tellingSpan([])).toBeNull();
  });
});

describe("visibleRows and moveInTree", () => {
  const tree = buildSpanTree([span("root", null, 0), span("a", "root", 1), span("a1", "a", 2), span("b", "root", 3)]);
  const ids = (collapsed: string[]): string[] => visibleRows(tree, new Set(collapsed)).map((row) => row.node.span.span_id);

  it("hides what is below a collapsed span", () => {
    expect(ids([])).toEqual(["root", "a", "a1", "b"]);
    expect(ids(["a"])).toEqual(["root", "a", "b"]);
  });

  const rows = visibleRows(tree, new Set());
  it.each([
    ["ArrowDown", "a1", { kind: "select", spanId: "b" }],
    ["ArrowDown", "b", { kind: "select", spanId: "b" }],
    ["ArrowUp", "root", { kind: "select", spanId: "root" }],
    ["ArrowLeft", "a", { kind: "toggle", spanId: "a" }],
    ["ArrowLeft", "a1", { kind: "select", spanId: "a" }],
    ["ArrowRight", "a", { kind: "select", spanId: "a1" }],
    ["ArrowRight", "a1", { kind: "none" }],
    ["End", "root", { kind: "select", spanId: "b" }],
    ["Home", "b", { kind: "select", spanId: "root" }],
  ] as const)("%s at %s", (key, at, move) => {
    expect(moveInTree(rows, at, key)).toEqual(move);
  });

  it("opens a collapsed span on ArrowRight", () => {
    expect(moveInTree(visibleRows(tree, new Set(["a"])), "a", "ArrowRight")).toEqual({ kind: "toggle", spanId: "a" });
  });
});
