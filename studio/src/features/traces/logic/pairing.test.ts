import { describe, expect, it } from "vitest";
import type { Span } from "../model";
import { change, differs, pairTraces, textsOf } from "./pairing";
import { buildSpanTree } from "./spanTree";

let at = 0;
function span(name: string, parent: string | null, more: Partial<Span> = {}): Span {
  at += 1;
  return { trace_id: "t", span_id: name, parent_id: parent, name, kind: "node", status: "ok", status_message: null, started_at: "", start_offset_ms: at, duration_ms: 1, ...more };
}

function pairs(left: Span[], right: Span[]): string[] {
  return pairTraces(buildSpanTree(left), buildSpanTree(right)).map(({ depth, left: one, right: other }) => `${"  ".repeat(depth)}${one?.span.name ?? "-"} | ${other?.span.name ?? "-"}`);
}

describe("pairTraces", () => {
  it("puts the same steps beside each other, whatever the other has besides", () => {
    const left = [span("root", null), span("find", "root"), span("ask", "root"), span("old", "root")];
    const right = [span("root", null), span("first", "root"), span("find", "root"), span("guard", "root"), span("ask", "root")];
    expect(pairs(left, right)).toEqual(["root | root", "  - | first", "  find | find", "  - | guard", "  ask | ask", "  old | -"]);
  });

  it("takes calls of other models for the same step, and roots of other names", () => {
    const left = [span("POST /a", null), span("chat small", "POST /a", { kind: "llm" })];
    const right = [span("POST /b", null), span("chat large", "POST /b", { kind: "llm" })];
    expect(pairs(left, right)).toEqual(["POST /a | POST /b", "  chat small | chat large"]);
  });

  it("pairs repeated steps in their order", () => {
    const again = (count: number): Span[] => [span("root", null), ...Array.from({ length: count }, (_none, number) => span(`${number}`, "root", { name: "try" }))];
    expect(pairs(again(2), again(3))).toEqual(["root | root", "  try | try", "  try | try", "  - | try"]);
  });

  it("shows below what only one has", () => {
    expect(pairs([span("root", null)], [span("root", null), span("a", "root"), span("b", "a")])).toEqual(["root | root", "  - | a", "    - | b"]);
  });

  it("takes chains deeper than the call stack", () => {
    const chain = Array.from({ length: 20_000 }, (_none, number) => span(`s${number}`, number === 0 ? null : `s${number - 1}`));
    expect(pairTraces(buildSpanTree(chain), buildSpanTree(chain))).toHaveLength(20_000);
  });
});

describe("what differs", () => {
  const said = (text: string): Partial<Span> => ({ kind: "llm", attributes: { "gen_ai.input.messages": [{ role: "user", parts: [{ type: "text", content: "why?" }] }], "gen_ai.output.messages": [{ role: "assistant", parts: [{ type: "text", content: text }] }] } });

  it("is said in messages under their roles", () => {
    expect(textsOf(span("chat", null, said("so")))).toEqual({ input: "user:\nwhy?", output: "assistant:\nso" });
    expect(textsOf(span("x", null, { attributes: { "input.value": '{"a": 1}' } }))).toEqual({ input: '{\n  "a": 1\n}', output: "" });
    expect(textsOf(span("x", null, { status: "error", status_message: "no quota" })).output).toBe("failed: no quota");
  });

  it("is texts, errors, and what is missing", () => {
    const pair = (left: Partial<Span>, right: Partial<Span>) => pairTraces(buildSpanTree([span("c", null, left)]), buildSpanTree([span("c", null, right)])).map(differs);
    expect(pair(said("so"), said("so"))).toEqual([false]);
    expect(pair(said("so"), said("no"))).toEqual([true]);
    expect(pair({}, { status: "error" })).toEqual([true]);
    expect(pairTraces(buildSpanTree([span("c", null)]), []).map(differs)).toEqual([true]);
  });

  it.each([
    [100, 112, "+12 %"],
    [100, 60, "−40 %"],
    [100, 100, "="],
    [1000, 1001, "≈"],
    [0, 5, "new"],
    [1, 40, "× 40"],
    [null, 40, ""],
  ])("%s to %s is %s", (before, after, text) => {
    expect(change(before, after)).toBe(text);
  });
});
