import { expect, test } from "vitest";
import { besideText } from "./metrics";

test("a metric has its interval and its rows with it", () => {
  const metrics = { f1: 0.5, f1_low: 0.4, f1_high: 0.6, f1_count: 20, f1_invalid: 2, f1_pass_rate: 0.9 };
  expect(besideText({ low: "f1_low", high: "f1_high", count: "f1_count", invalid: "f1_invalid" }, metrics)).toBe("95 %: 0.4 to 0.6, 20 rows, 2 without");
  expect(besideText({ low: "f1_low", high: "f1_high", count: null }, metrics)).toBe("95 %: 0.4 to 0.6");
  expect(besideText({}, metrics)).toBe("");
});
