import { describe, expect, it } from "vitest";
import type { GatewayStatus } from "@/api/types";
import { callsOf, hitRate, worstBreaker } from "./status";

function one(targets: GatewayStatus["targets"]): GatewayStatus {
  return { gateway: "here:1", started_at: "", seen_at: "", in_flight: 0, calls: 0, overhead_p50_ms: null, overhead_p99_ms: null, cache_hits: 0, cache_misses: 0, cache_bytes: 0, targets };
}

const TWO = [
  one([{ route: "chat", model: "a", breaker: "closed", answered: 5, failed: 0 }]),
  one([
    { route: "chat", model: "a", breaker: "half-open", answered: 1, failed: 2 },
    { route: "chat", model: "b", breaker: "open", answered: 0, failed: 5 },
    { route: "other", model: "a", breaker: "closed", answered: 9, failed: 9 },
  ]),
];

describe("several gateways", () => {
  it("are summed by route, and by model", () => {
    expect(callsOf(TWO, "chat")).toEqual({ answered: 6, failed: 7 });
    expect(callsOf(TWO, "chat", "a")).toEqual({ answered: 6, failed: 2 });
  });

  it("show the worst breaker", () => {
    expect(worstBreaker(TWO, "chat")).toBe("open");
    expect(worstBreaker(TWO, "chat", "a")).toBe("half-open");
    expect(worstBreaker(TWO, "none")).toBeNull();
  });
});

describe("hitRate", () => {
  it("is not known without calls", () => {
    expect(hitRate({ cache_hits: 0, cache_misses: 0 })).toBeNull();
    expect(hitRate({ cache_hits: 1, cache_misses: 3 })).toBe(0.25);
  });
});
