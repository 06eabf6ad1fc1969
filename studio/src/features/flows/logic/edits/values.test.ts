import { expect, it } from "vitest";
import { typedValue, valueText } from "./values";

it("a typed text is of the kind that the value had", () => {
  expect(typedValue("5", "a")).toBe("5");
  expect(typedValue("0.5", 1)).toBe(0.5);
  expect(typedValue("${a.output}", 1)).toBe("${a.output}");
  expect(typedValue("7", "")).toBe(7);
  expect(typedValue("false", "${a.output}")).toBe(false);
  expect(typedValue("007", null)).toBe("007");
});

it("a list or an object is typed as JSON", () => {
  expect([valueText(["a"]), valueText("a"), valueText(2), valueText(null)]).toEqual(['["a"]', "a", "2", ""]);
  expect(typedValue('["a", 1]', [])).toEqual(["a", 1]);
  expect(typedValue("${a.output}", [])).toBe("${a.output}");
  expect(() => typedValue("[", {})).toThrow("written as JSON");
});
