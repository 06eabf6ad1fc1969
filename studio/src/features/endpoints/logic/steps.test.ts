import { describe, expect, it } from "vitest";
import { readSteps } from "./steps";

describe("readSteps", () => {
  it("reads rising per cents", () => {
    expect(readSteps(" 5, 25,50 ,100,")).toEqual({ value: [5, 25, 50, 100] });
  });

  it.each(["", "a", "0, 5", "5, 101", "5.5", "25, 5", "5, 5"])("refuses %j", (text) => {
    expect(readSteps(text)).toHaveProperty("problem");
  });
});
