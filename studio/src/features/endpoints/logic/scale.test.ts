import { describe, expect, it } from "vitest";
import { ONE_REPLICA, readScale, scaleDraft, scaleWords } from "./scale";

const SCALED = { ...ONE_REPLICA, kind: "target_utilization", least: 2, most: 4, p95: 800 } as const;

describe("readScale", () => {
  it("says a fixed number", () => {
    expect(readScale({ ...ONE_REPLICA, count: 3 })).toEqual({ count: 3, scale: { type: "default" } });
  });

  it("begins with the least where it scales", () => {
    const scale = { type: "target_utilization", min_instances: 2, max_instances: 4, target_utilization_percentage: 70, target_p95_ms: 800 };
    expect(readScale(SCALED)).toEqual({ count: 2, scale });
    expect(readScale({ ...SCALED, p95: "" })?.scale.target_p95_ms).toBeNull();
  });

  it.each([[{ least: 5 }], [{ most: "" }], [{ busy: "" }]])("is none with %j", (change) => {
    expect(readScale({ ...SCALED, ...change })).toBeNull();
    expect(readScale({ ...ONE_REPLICA, count: "" })).toBeNull();
  });

  it("reads back what is set", () => {
    expect(readScale(scaleDraft(2, readScale(SCALED)?.scale))).toEqual(readScale(SCALED));
    expect(readScale(scaleDraft(3, undefined))).toEqual({ count: 3, scale: { type: "default" } });
  });
});

describe("scaleWords", () => {
  it("tells numbers and bounds", () => {
    expect([ONE_REPLICA, { ...ONE_REPLICA, count: 2 }, SCALED].map(scaleWords)).toEqual(["one replica", "2 replicas", "2 to 4 replicas"]);
  });
});
