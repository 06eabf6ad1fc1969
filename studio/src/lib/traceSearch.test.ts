import { expect, test } from "vitest";
import { hasTerm, notTerm, searchOf, suggestionsFor, termsOf, valuesOf, withoutTerm, withTerm } from "./traceSearch";

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

test("a search is taken apart where terms stand side by side", () => {
  expect(termsOf('status:error AND user:"a (b" -(model:x OR model:y) late')).toEqual(["status:error", 'user:"a (b"', "-(model:x OR model:y)", "late"]);
  expect(termsOf('name:"a \\" b"  x')).toEqual(['name:"a \\" b"', "x"]);
  expect(termsOf('an "open end')).toEqual(["an", '"open end']);
  expect(termsOf("  ")).toEqual([]);
});

test("a term is added and taken away", () => {
  expect(withTerm("", "model:m")).toBe("model:m");
  expect(withTerm("late ", "model:m")).toBe("late model:m");
  expect(withTerm("late model:m", "model:m")).toBe("late model:m");
  expect(withTerm("a OR b", "model:m")).toBe("(a OR b) model:m");
  expect(withoutTerm('late user:"a b" model:m', 'user:"a b"')).toBe("late model:m");
  expect(hasTerm("a OR model:m", "model:m")).toBe(false);
});

test("a range is two terms that come and go together", () => {
  const range = "score.f1>=0.2 score.f1<0.4";
  const text = withTerm("late", range);
  expect(text).toBe("late score.f1>=0.2 score.f1<0.4");
  expect(hasTerm(text, range)).toBe(true);
  expect(withoutTerm(text, range)).toBe("late");
  expect(notTerm(range)).toBe("-(score.f1>=0.2 score.f1<0.4)");
  expect(notTerm("model:m")).toBe("-model:m");
});

test("the values of a field are read out of a search", () => {
  expect(valuesOf('model:m -model:"a b" user:u', "model")).toEqual([
    { value: "m", q: "model:m", not: false },
    { value: "a b", q: '-model:"a b"', not: true },
  ]);
  expect(valuesOf("model:m OR model:n", "model")).toEqual([]);
});
