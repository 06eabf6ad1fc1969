import { expect, test } from "vitest";
import { guessMapping, importRows, mappingProblem } from "./questionImport";

test("columns are guessed by what people call them", () => {
  expect(guessMapping(["ID", "Query", "Expected Answer", "File", "Passage"])).toEqual({ question: "Query", answer: "Expected Answer", document: "File", context: "Passage", kind: null });
  expect(mappingProblem(guessMapping(["a", "b"]))).toMatch(/question/);
  expect(mappingProblem(guessMapping(["question"]))).toMatch(/document/);
  expect(mappingProblem(guessMapping(["question", "source"]))).toBeNull();
});

test("rows become questions, and others are left out with the first reason", () => {
  const mapping = guessMapping(["q", "answer", "file", "kind"]);
  const found = importRows(
    [
      { q: " Who? ", answer: "Ann", file: "a.md", kind: "short", start: "3", end: "9" },
      { q: "", answer: "Ann", file: "a.md" },
      { q: "What?", answer: "", file: ["a.md", "b.md"], kind: "nonsense", start: 1, end: 2 },
      { q: "Where?", file: "" },
    ],
    { ...mapping, question: "q" },
  );
  expect(found.rows.map(({ values }) => values)).toEqual([
    { question: "Who?", answer: "Ann", document: "a.md", kind: "short", start: 3, end: 9 },
    { question: "What?", documents: ["a.md", "b.md"] },
  ]);
  expect([found.leftOut, found.why]).toEqual([2, "Row 2: It has no question."]);
});
