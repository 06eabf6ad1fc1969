import { describe, expect, it } from "vitest";
import type { DeploymentUsage, EndpointFigures, EndpointMetrics } from "@/api/types";
import { groupOf, seriesOf, usageSeriesOf, usedInAll, valueOf } from "./metrics";

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

describe("what replicas use", () => {
  const used = (minute: number, deployment: string, cpu: number): DeploymentUsage => ({
    time: `2026-11-23T04:0${minute}:00.000000Z`,
    deployment,
    cpu_cores: cpu,
    memory_bytes: 10 * cpu,
    memory_peak_bytes: 100,
  });
  const at = (minute: number) => Date.UTC(2026, 10, 23, 4, minute);

  it("breaks a line where there was no replica", () => {
    expect(usageSeriesOf([used(1, "blue", 1), used(2, "blue", 2), used(4, "blue", 4), used(4, "green", 8)], "cpu_cores")).toEqual({
      times: [at(1), at(2), at(3), at(4)],
      lines: [
        { name: "blue", values: [1, 2, null, 4] },
        { name: "green", values: [null, null, null, 8] },
      ],
    });
  });

  it("tells one bucket, and none", () => {
    expect(usageSeriesOf([used(1, "blue", 1)], "memory_bytes")).toEqual({ times: [at(1)], lines: [{ name: "blue", values: [10] }] });
    expect(usageSeriesOf([], "cpu_cores")).toEqual({ times: [], lines: [] });
  });

  it("adds deployments up, and knows what is not known", () => {
    expect(usedInAll([used(1, "blue", 1), used(1, "green", 2)], "memory_bytes")).toBe(30);
    expect(usedInAll([], "memory_bytes")).toBeNull();
  });
});
