import { describe, expect, it } from "vitest";
import { formatBytes, formatCount, formatDuration, formatMoney, formatRelative } from "./format";

describe("format", () => {
  it.each([
    [0, "0 ms"],
    [0.42, "0.42 ms"],
    [38.4, "38 ms"],
    [999.7, "1.00 s"],
    [12_340, "12.3 s"],
    [60_000, "1 min"],
    [125_000, "2 min 5 s"],
    [7_200_000, "2 h"],
    [11_520_000, "3 h 12 min"],
  ])("writes %d ms as %s", (ms, text) => {
    expect(formatDuration(ms)).toBe(text);
  });

  it("writes bytes in decimal units", () => {
    expect([0, 999, 1000, 100_664_064, 2_500_000_000].map(formatBytes)).toEqual(["0 B", "999 B", "1.0 kB", "101 MB", "2.5 GB"]);
  });

  it("shortens counts", () => {
    expect([512, 9_999, 418_220, 134_515_008].map(formatCount)).toEqual(["512", "9,999", "418.2 k", "134.5 M"]);
  });

  it("keeps small amounts of money readable", () => {
    expect([formatMoney("0", "USD"), formatMoney("153", "USD"), formatMoney("1250000", "EUR")]).toEqual(["free", "$0.000153", "€1.25"]);
  });

  it("writes times relative to now", () => {
    const now = Date.parse("2026-11-23T12:00:00Z");
    expect(formatRelative("2026-11-23T11:57:00Z", now)).toBe("3 min. ago");
    expect(formatRelative("2026-11-25T12:00:00Z", now)).toBe("in 2 days");
  });
});
