import { describe, expect, it } from "vitest";
import { allTo, evenSplit, noTraffic, rebalanced, sameSplit, splitOf, trafficSum } from "./traffic";

describe("rebalanced", () => {
  it.each([
    [{ blue: 100, green: 0 }, "green", 10, { blue: 90, green: 10 }],
    [{ blue: 100, green: 0 }, "blue", 90, { blue: 90, green: 10 }],
    [{ a: 60, b: 30, c: 10 }, "a", 20, { a: 20, b: 60, c: 20 }],
    [{ a: 33, b: 33, c: 34 }, "a", 0, { a: 0, b: 49, c: 51 }],
    [{ a: 0, b: 0, c: 0 }, "c", 40, { a: 60, b: 0, c: 40 }],
    [{ a: 50, b: 50 }, "a", 250, { a: 100, b: 0 }],
    [{ a: 50, b: 50 }, "a", Number.NaN, { a: 0, b: 100 }],
  ])("%j with %s at %d", (split, name, share, after) => {
    expect(rebalanced(split, name, share)).toEqual(after);
  });

  it("always sums to 100, in whole shares", () => {
    const split = { a: 17, b: 23, c: 29, d: 31 };
    for (let share = 0; share <= 100; share += 1) {
      const after = rebalanced(split, "b", share);
      expect(trafficSum(after)).toBe(100);
      expect(Object.values(after).every((each) => Number.isInteger(each) && each >= 0)).toBe(true);
    }
  });
});

describe("splits", () => {
  it("sum to 100 however many deployments there are", () => {
    for (const names of [["a"], ["a", "b", "c"], ["a", "b", "c", "d", "e", "f", "g"]]) {
      expect(trafficSum(evenSplit(names))).toBe(100);
    }
    expect(evenSplit([])).toEqual({});
  });

  it("cover exactly the deployments that exist", () => {
    expect(splitOf({ blue: 100, gone: 0 }, ["blue", "green"])).toEqual({ blue: 100, green: 0 });
    expect(allTo("green", ["blue", "green"])).toEqual({ blue: 0, green: 100 });
    expect(noTraffic(["blue", "green"])).toEqual({ blue: 0, green: 0 });
  });

  it("are the same when a missing share stands for 0", () => {
    expect(sameSplit({ blue: 100 }, { blue: 100, green: 0 })).toBe(true);
    expect(sameSplit({ blue: 100 }, { green: 100 })).toBe(false);
  });
});
