import { expect, test } from "vitest";
import { searchOf, suggestionsFor } from "./traceSearch";

test("values are quoted where they have to be", () => {
  expect(searchOf("session", "a-b:1")).toBe("session:a-b:1");
  expect(searchOf("user", 'ann "a" b')).toBe('user:"ann \\"a\\" b"');
});

test("the last word is completed", () => {
  expect(suggestionsFor("status:error dur")).toEqual(["status:error duration>2s"]);
  expect(suggestionsFor("-mod")).toEqual(["-model:gpt*"]);
  expect(suggestionsFor("(us")).toEqual(["(user:bob"]);
  expect(suggestionsFor("status:")).toEqual([]);
  expect(suggestionsFor("")).toEqual([]);
  expect(suggestionsFor("refund ")).toEqual([]);
});
