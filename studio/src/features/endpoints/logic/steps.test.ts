import { describe, expect, it } from "vitest";
import { canaryOf, canaryText, NO_CANARY, readCanary, readSteps } from "./steps";

describe("readSteps", () => {
  it("reads rising per cents", () => {
    expect(readSteps(" 5, 25,50 ,100,")).toEqual({ value: [5, 25, 50, 100] });
  });

  it.each(["", "a", "0, 5", "5, 101", "5.5", "25, 5", "5, 5"])("refuses %j", (text) => {
    expect(readSteps(text)).toHaveProperty("problem");
  });
});

describe("a canary", () => {
  it("is none until it is asked for, nor with steps or times that make no sense", () => {
    expect(readCanary(NO_CANARY, "green")).toBeNull();
    expect(readCanary({ ...NO_CANARY, wanted: true, steps: "50, 20" }, "green")).toBeNull();
    expect(readCanary({ ...NO_CANARY, wanted: true, everyS: "" }, "green")).toBeNull();
  });

  it("is kept in an address", () => {
    const canary = readCanary({ ...NO_CANARY, wanted: true }, "green-2");
    expect(canary).toEqual({ to: "green-2", steps: [5, 25, 50, 100], everyS: 60 });
    expect(canary && canaryOf(canaryText(canary))).toEqual(canary);
  });

  it.each(["", "green", "green@@60", "green@5-1@60", "green@5-100@x", "@5@60"])("is none in %j", (text) => {
    expect(canaryOf(text)).toBeNull();
  });
});
