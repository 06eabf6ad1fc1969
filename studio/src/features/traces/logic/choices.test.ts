import { expect, test } from "vitest";
import { choosing, chosenOf, leavingOut, leftOutOf, lettingIn, termsOf, wordsOf } from "./choices";

const RANGE = "score.f1>=0.2 score.f1<0.4";
const OTHER = "score.f1>=0.6 score.f1<0.8";

test("a search is taken apart where terms stand side by side", () => {
  expect(termsOf('status:error AND user:"a (b" -(model:x OR model:y) late')).toEqual(["status:error", 'user:"a (b"', "-(model:x OR model:y)", "late"]);
  expect(termsOf('name:"a \\" b"  x')).toEqual(['name:"a \\" b"', "x"]);
  expect(termsOf('an "open end')).toEqual(["an", '"open end']);
  expect(termsOf("  ")).toEqual([]);
});

test("the values that are chosen of a field are read out of a search", () => {
  expect(chosenOf('(model:a OR model="b c") late status:error', "model")).toEqual(["model:a", 'model:"b c"']);
  expect(chosenOf("model:a model:b", "model")).toEqual(["model:a", "model:b"]);
  expect(chosenOf("model:a OR model:b", "model")).toEqual(["model:a", "model:b"]);
  expect(chosenOf("model:a OR late", "model")).toEqual([]);
  expect(chosenOf("-model:a NOT model:b", "model")).toEqual([]);
  expect(chosenOf("(model:a OR user:u) (model:a late)", "model")).toEqual([]);
  expect(chosenOf(`late ${RANGE}`, "score.f1")).toEqual([RANGE]);
  expect(chosenOf(`(${RANGE} OR ${OTHER})`, "score.f1")).toEqual([RANGE, OTHER]);
  expect(chosenOf("score.f1<0.5", "score.f1")).toEqual(["score.f1<0.5"]);
});

test("of several values of a field any will do, and the rest of the search stays", () => {
  expect(choosing("", "model", ["model:a"])).toBe("model:a");
  expect(choosing("late model:a status:error", "model", ["model:a", "model:b"])).toBe("late (model:a OR model:b) status:error");
  expect(choosing("late (model:a OR model:b)", "model", ["model:b"])).toBe("late model:b");
  expect(choosing("(model:a OR model:b) late", "model", [])).toBe("late");
  expect(choosing("a OR b", "model", ["model:m"])).toBe("(a OR b) model:m");
  expect(choosing("model:a OR model:b", "model", ["model:a", "model:b", "model:c"])).toBe("(model:a OR model:b OR model:c)");
  expect(choosing(RANGE, "score.f1", [RANGE, OTHER])).toBe(`(${RANGE} OR ${OTHER})`);
  expect(choosing("NOT model:a", "model", ["model:b"])).toBe("NOT model:a model:b");
});

test("a value is left out and let in again", () => {
  const without = leavingOut("late (model:a OR model:b)", "model", "model:b");
  expect(without).toBe("late model:a -model:b");
  expect(leftOutOf(without, "model")).toEqual(["model:b"]);
  expect(lettingIn(without, "model", "model:b")).toBe("late model:a");
  expect(leavingOut("", "score.f1", RANGE)).toBe(`-(${RANGE})`);
  expect(leftOutOf(`-(${RANGE})`, "score.f1")).toEqual([RANGE]);
  expect(lettingIn(`-(${RANGE}) x`, "score.f1", RANGE)).toBe("x");
});

test("a value has words where no trace says it", () => {
  expect([wordsOf("model", "model:gpt*"), wordsOf("user", 'user:"a \\"b"'), wordsOf("score.f1", RANGE)]).toEqual(["gpt*", 'a "b', ">=0.2 <0.4"]);
});
