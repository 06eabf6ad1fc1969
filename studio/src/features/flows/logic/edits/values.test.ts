import { expect, it } from "vitest";
import { typedValue } from "./values";

it("a typed text is of the kind that the value had", () => {
  expect(typedValue("5", "a")).toBe("5");
  expect(typedValue("0.5", 1)).toBe(0.5);
  expect(typedValue("${a.output}", 1)).toBe("${a.output}");
  expect(typedValue("7", "")).toBe(7);
  expect(typedValue("false", "${a.output}")).toBe(false);
  expect(typedValue("007", null)).toBe("007");
});
