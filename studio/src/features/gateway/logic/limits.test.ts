import { describe, expect, it } from "vitest";
import { BOUNDS, isBounded, nearness, shareUsed } from "./limits";

const USE = { requests_this_minute: 30, tokens_this_minute: 0, dollars_today: 0.5, dollars_this_month: 12 };
const [requests, , day] = BOUNDS;

describe("shareUsed", () => {
  it("is of the bound, and whole where it is over or nothing is allowed", () => {
    if (!requests || !day) throw new Error("no bounds");
    expect(shareUsed(requests, { requests_per_minute: 60 }, USE)).toBe(0.5);
    expect(shareUsed(requests, { requests_per_minute: 10 }, USE)).toBe(1);
    expect(shareUsed(requests, { requests_per_minute: 0 }, USE)).toBe(1);
    expect(shareUsed(day, {}, USE)).toBeNull();
  });
});

describe("limits", () => {
  it("are there as soon as one is, also one of 0", () => {
    expect(isBounded({})).toBe(false);
    expect(isBounded({ dollars_per_day: 0 })).toBe(true);
  });

  it("are near from four fifths on", () => {
    expect([0.79, 0.8, 1].map(nearness)).toEqual(["good", "warn", "bad"]);
  });
});
