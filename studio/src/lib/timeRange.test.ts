import { describe, expect, it } from "vitest";
import { intervalOf, intervalWords, sinceOf, TIME_RANGES } from "./timeRange";

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

describe("an interval", () => {
  it("is read from an address, and from nothing else", () => {
    expect(intervalOf("2026-11-27T00:00:00Z/2026-11-28T00:00:00Z")).toEqual({ since: "2026-11-27T00:00:00Z", until: "2026-11-28T00:00:00Z" });
    for (const other of ["", "7d", "a/b", "2026-11-27T00:00:00Z", "2026-11-27T00:00:00Z/2026-11-28T00:00:00Z/1"]) expect(intervalOf(other)).toBeNull();
  });

  it("is called by its day, with its hours where it is shorter", () => {
    const at = (hour: number) => new Date(2026, 10, 27, hour).toISOString();
    expect(intervalWords({ since: at(0), until: at(24) })).toBe("Nov 27");
    expect(intervalWords({ since: at(9), until: at(10) })).toBe("Nov 27, 09:00–10:00");
  });
});
