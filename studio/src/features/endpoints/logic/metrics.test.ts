import { describe, expect, it } from "vitest";
import type { EndpointFigures, EndpointMetrics } from "@/api/types";
import { groupOf, seriesOf, valueOf } from "./metrics";

const ROW: EndpointFigures = { deployment: "blue", requests: 30, per_minute: 6, errors: 3, error_rate: 0.1, p50_ms: 12, prompt_tokens: 5, completion_tokens: null, cost_micros: "2000" };

describe("valueOf", () => {
  it("tells requests a minute over time, and their number in all", () => {
    expect([valueOf(ROW, "requests"), valueOf(ROW, "requests", true)]).toEqual([30, 6]);
  });

  it("knows what is not known", () => {
    expect(valueOf({ ...ROW, requests: 0 }, "error_rate")).toBeNull();
    expect(valueOf(ROW, "p99_ms")).toBeNull();
    expect(valueOf({ ...ROW, prompt_tokens: null }, "tokens")).toBeNull();
    expect([valueOf(ROW, "tokens"), valueOf(ROW, "cost")]).toEqual([5, 2000]);
  });
});

describe("seriesOf", () => {
  it("gives each group a value for each time", () => {
    const metrics: EndpointMetrics = {
      endpoint: "web",
      since: "",
      until: "",
      grain: "minute",
      currency: "USD",
      load: [],
      errors: [],
      usage: [],
      truncated: false,
      figures: [{ ...ROW, time: "b" }, { ...ROW, time: "a", deployment: "green", per_minute: 2 }],
    };
    expect(seriesOf(metrics, "deployment", "requests")).toEqual({ times: ["a", "b"], lines: [{ name: "blue", values: [null, 6] }, { name: "green", values: [2, null] }] });
    expect(groupOf({ ...ROW, error: null }, "error")).toBe("no error");
  });
});
