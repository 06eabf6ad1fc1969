import { describe, expect, it } from "vitest";
import type { Span } from "../model";
import { ancestorsOf, nextOf, parentsOf, searchSpans, textOf } from "./spanSearch";
import { buildSpanTree, visibleRows } from "./spanTree";

function span(id: string, more: Partial<Span> = {}): Span {
  return { trace_id: "t", span_id: id, parent_id: null, name: id, kind: "node", status: "ok", status_message: null, started_at: "", start_offset_ms: 0, duration_ms: 1, ...more };
}

function search(spans: readonly Span[], wanted: string): Promise<readonly string[]> {
  return new Promise((resolve) => {
    searchSpans(spans, wanted, resolve);
  });
}

describe("searchSpans", () => {
  const spans = [
    span("one", { name: "Retrieve" }),
    span("two", { attributes: { "http.route": "/ask", "gen_ai.input.messages": [{ role: "user", parts: [{ content: 'He said "Zürich"\nand left' }] }] } }),
    span("three", { status_message: "no quota", events: [{ name: "exception", at: "", attributes: { "exception.type": "RateLimit" } }] }),
  ];

  it.each([
    ["retrieve", ["one"]],
    ["HTTP.route: /ask", ["two"]],
    ['"zürich"\nand', ["two"]],
    ["ratelimit", ["three"]],
    ["QUOTA", ["three"]],
    ["nowhere", []],
  ])("finds %s", async (wanted, ids) => {
    expect(await search(spans, wanted)).toEqual(ids);
  });

  it("looks through many in slices, each span once and in order", async () => {
    const many = Array.from({ length: 5000 }, (_none, at) => span(`s${at}`, { attributes: { text: "x".repeat(500) } }));
    expect(await search(many, "xxx")).toEqual(many.map((each) => each.span_id));
  });

  it("can be stopped", async () => {
    let called = false;
    searchSpans(spans, "a", () => {
      called = true;
    })();
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(called).toBe(false);
  });

  it("writes down no object as such", () => {
    expect(textOf(span("x", { attributes: { a: { b: null, c: [1, true] } } }))).not.toContain("object");
  });
});

describe("going through what was found", () => {
  const rows = visibleRows(buildSpanTree([span("a"), span("b", { parent_id: "a" }), span("c", { parent_id: "b" }), span("d", { parent_id: "a" })]), new Set());
  const order = new Map(rows.map((row, at) => [row.node.span.span_id, at]));

  it("goes on from the selected span and around the end", () => {
    expect(nextOf(["b", "d"], order, "a")).toBe("b");
    expect(nextOf(["b", "d"], order, "c")).toBe("d");
    expect(nextOf(["b", "d"], order, "d")).toBe("b");
    expect(nextOf(["b", "d"], order, "d", true)).toBe("b");
    expect(nextOf(["b", "d"], order, "b", true)).toBe("d");
    expect(nextOf([], order, "b")).toBeNull();
  });

  it("knows what has to be open to see a span", () => {
    const parents = parentsOf(rows.map((row) => row.node));
    expect(ancestorsOf("c", parents)).toEqual(["b", "a"]);
    expect(ancestorsOf("a", parents)).toEqual([]);
  });
});
