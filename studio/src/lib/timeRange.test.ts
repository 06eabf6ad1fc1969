import { describe, expect, it } from "vitest";
import { sinceOf, TIME_RANGES } from "./timeRange";

describe("sinceOf", () => {
  const now = Date.parse("2026-03-04T12:00:00Z");

  it("counts back from now", () => {
    expect(sinceOf("1h", now)).toBe("2026-03-04T11:00:00.000Z");
    expect(sinceOf("7d", now)).toBe("2026-02-25T12:00:00.000Z");
  });

  it("knows every range that is offered, and takes others as all time", () => {
    for (const { value } of TIME_RANGES) expect(sinceOf(value, now)).not.toBeNull();
    expect(sinceOf("", now)).toBeNull();
    expect(sinceOf("constructor", now)).toBeNull();
  });
});
