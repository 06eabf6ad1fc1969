import { describe, expect, it } from "vitest";
import { allTo, evenSplit, sameSplit, splitOf, trafficProblem, trafficSum } from "./traffic";

describe("trafficProblem", () => {
  it.each([[{ blue: 100 }], [{ blue: 90, green: 10 }], [{ blue: 0, green: 0 }], [{}]])("accepts %j", (split) => {
    expect(trafficProblem(split)).toBeNull();
  });

  it.each([
    [{ blue: 90 }, "10 % left"],
    [{ blue: 90, green: 20 }, "10 % too much"],
    [{ blue: 50.5, green: 49.5 }, "blue"],
    [{ blue: -10, green: 110 }, "blue"],
  ])("refuses %j", (split, words) => {
    expect(trafficProblem(split)).toContain(words);
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
  });

  it("are the same when a missing share stands for 0", () => {
    expect(sameSplit({ blue: 100 }, { blue: 100, green: 0 })).toBe(true);
    expect(sameSplit({ blue: 100 }, { green: 100 })).toBe(false);
  });
});
