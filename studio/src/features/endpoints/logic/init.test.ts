import { expect, test } from "vitest";
import { readInit } from "./init";

test("values are an object, nothing is none, and others say what is wrong", () => {
  expect(readInit('{"limit": 3}')).toEqual({ value: { limit: 3 } });
  expect(readInit("  ")).toEqual({ value: {} });
  for (const wrong of ["[1]", "5", "null", "{"]) expect(readInit(wrong)).toHaveProperty("problem");
});
