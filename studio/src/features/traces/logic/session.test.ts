import { describe, expect, it } from "vitest";
import type { Trace } from "../model";
import { costOf, inOrder, isCut, pauseBefore } from "./session";

function turn(id: string, startedAt: string, more: Partial<Trace> = {}): Trace {
  return {
    trace_id: id,
    name: "chat",
    kind: "flow",
    status: "ok",
    started_at: startedAt,
    duration_ms: 1000,
    spans: 2,
    prompt_tokens: 1,
    completion_tokens: 1,
    models: ["small"],
    complete: true,
    ...more,
  } as Trace;
}

describe("a session", () => {
  const first = turn("1", "2026-11-28T10:00:00Z");
  const soon = turn("2", "2026-11-28T10:00:30Z");
  const late = turn("3", "2026-11-28T10:10:31Z");

  it("is read from its beginning", () => {
    expect(inOrder([late, soon, first]).map((trace) => trace.trace_id)).toEqual(["1", "2", "3"]);
  });

  it("tells of long pauses only, counted from the end of the turn before", () => {
    expect(pauseBefore(first, undefined)).toBeNull();
    expect(pauseBefore(soon, first)).toBeNull();
    expect(pauseBefore(late, soon)).toBe("10 min");
  });

  it("knows which of its texts are beginnings", () => {
    expect(isCut(turn("1", "2026-11-28T10:00:00Z", { input_preview: "Short", output_preview: "It goes on…" }))).toBe(true);
    expect(isCut(turn("1", "2026-11-28T10:00:00Z", { input_preview: "Short", output_preview: null }))).toBe(false);
  });

  it("adds up what it cost where every price is known, in one currency", () => {
    const paid = (micros: string, currency = "USD"): Trace => turn("1", "2026-11-28T10:00:00Z", { cost: { micros, currency } });
    expect(costOf([paid("10"), paid("32"), turn("4", "2026-11-28T10:00:00Z", { models: [] })])).toEqual({ micros: "42", currency: "USD" });
    expect(costOf([paid("10"), turn("2", "2026-11-28T10:00:00Z")])).toBeNull();
    expect(costOf([paid("10"), paid("10", "EUR")])).toBeNull();
    expect(costOf([])).toBeNull();
  });
});
