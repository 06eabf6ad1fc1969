import { expect, test } from "vitest";
import { guessMapping, importRows, mappingProblem, moved, namedDocuments, settled, tellMissing, unmetRows } from "./questionImport";

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

test("questions whose documents are not in the version are told, renamed or left out", () => {
  const one = (id: string, values: Record<string, unknown>) => ({ id, values });
  const listed = [
    one("1", { question: "A?", document: "a.md", start: 1, end: 5 }),
    one("2", { question: "B?", document: "old/b.md" }),
    one("3", { question: "E?", context: "words" }),
    one("4", { question: "C?", documents: ["c.md", "a.md"] }),
    one("5", { question: "D?", documents: ["gone.md", "old/b.md"] }),
  ];
  expect(namedDocuments(listed)).toEqual(["a.md", "old/b.md", "c.md", "gone.md"]);
  const missing = [
    { document: "old/b.md", meant: "docs/B.md", why: null },
    { document: "c.md", meant: null, why: "It is empty." },
    { document: "gone.md", meant: "done.md", why: null },
  ];
  expect([...moved(missing)]).toEqual([["old/b.md", "docs/B.md"]]);
  expect(unmetRows(listed, missing).map(({ id }) => id)).toEqual(["2", "5"]);
  expect(settled(listed, missing, "keep")).toBe(listed);
  expect(settled(listed, missing, "out").map(({ id }) => id)).toEqual(["1", "3", "4"]);
  expect(settled(listed, missing, "meant").map(({ values }) => values.document ?? values.documents)).toEqual(["a.md", "docs/B.md", undefined, ["c.md", "a.md"], ["gone.md", "docs/B.md"]]);
  expect(tellMissing(missing)).toBe("old/b.md (docs/B.md is there), c.md (not read: It is empty), gone.md (done.md is there).");
});
