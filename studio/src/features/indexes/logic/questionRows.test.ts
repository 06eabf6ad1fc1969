import { expect, test } from "vitest";
import { asJsonLines, beforeOf, countKinds, documentsOf, isCut, partOf, type QuestionRow, rowOf, rowProblem, startOf, tellKinds, withPart } from "./questionRows";

const row = (values: QuestionRow["values"]): QuestionRow => ({ id: "1", values });

test("a row is read by the names that people give its columns, and written back under them", () => {
  const plain = row({ query: "Who?", ground_truth: "Ann", documents: ["a.md", "b.md"], other: 3 });
  expect([partOf(plain, "question"), partOf(plain, "answer")]).toEqual(["Who?", "Ann"]);
  expect(withPart(plain, "question", "Which?").values).toEqual({ query: "Which?", ground_truth: "Ann", documents: ["a.md", "b.md"], other: 3 });
  expect(withPart(row({ question: "Who?" }), "answer", "Ann").values).toEqual({ question: "Who?", answer: "Ann" });
  expect(withPart(row({ question: "Who?", ground_truth: "" }), "answer", "Ann").values).toEqual({ question: "Who?", ground_truth: "Ann" });
  expect(documentsOf(plain)).toEqual(["a.md", "b.md"]);
  expect(asJsonLines([row({ question: "“Who”\n?" }), row({ a: 1 })])).toBe('{"question":"“Who”\\n?"}\n{"a":1}\n');
});

test("a row that answers nothing says why, and one that follows up another says which", () => {
  expect(rowProblem(row({ question: "Who?", document: "a.md" }))).toBeNull();
  expect(rowProblem(row({ question: "Who?", context: "Ann." }))).toBeNull();
  expect(rowProblem(row({ question: "Who?" }))).toMatch(/no document/);
  expect(rowProblem(row({ question: " ", document: "a.md" }))).toMatch(/no question/);
  const after = row({ question: "And then?", chat_history: [{ inputs: { question: "Who?" }, outputs: { answer: "Ann" } }] });
  expect(beforeOf(after)).toBe("Who?");
  expect(beforeOf(row({ question: "Who?", chat_history: [null] }))).toBe("");
  expect([startOf(row({ start: 12 })), startOf(row({ start: "7" })), startOf(row({ start: null })), startOf(row({ start: "x" })), startOf(row({}))]).toEqual([12, 7, null, null, null]);
});

test("kinds are counted for the tag, and told for people", () => {
  const rows = ["short", "boolean", "short", ""].map((kind) => row({ kind }));
  expect(countKinds(rows)).toBe("2 short, 1 boolean");
  expect(tellKinds("2 short, 1 boolean, 3 my own")).toBe("2 short, 1 yes or no, 3 my own");
  expect(tellKinds("")).toBe("");
});

test("a question by hand has only what was written, and a cut cell is found", () => {
  expect(rowOf("n", { question: " Who? ", answer: "", kind: null, document: "a.md", context: " " }).values).toEqual({ question: "Who?", document: "a.md" });
  expect(isCut({ context: "long… (20000 characters)" })).toBe(true);
  expect(isCut({ context: "short", start: 3 })).toBe(false);
});
