import { expect, test } from "vitest";
import { changeDraft, draftOf, type QuestionChange, tellChanges } from "./questionDraft";
import { partOf, rowOf } from "./questionRows";

const written = (question: string) => ({ question, answer: "", kind: null, document: "a.md", context: "" });
const SAVED = ["one?", "two?", "three?"].map((question, place) => rowOf(String(place), written(question)));
const after = (...changes: QuestionChange[]) => changes.reduce(changeDraft, draftOf(SAVED));
const edit = (id: string, text: string): QuestionChange => ({ do: "edit", id, part: "question", text });

test("each change can be taken back, the last one first", () => {
  const changes: QuestionChange[] = [edit("0", "First?"), { do: "remove", ids: new Set(["1"]) }, { do: "add", row: rowOf("new 1", written("four?")) }];
  const draft = after(...changes);
  expect(draft.rows.map((row) => partOf(row, "question"))).toEqual(["four?", "First?", "three?"]);
  expect(tellChanges(draft)).toBe("1 changed, 1 added, 1 deleted");
  const undo: QuestionChange = { do: "undo" };
  expect(tellChanges(after(...changes, undo))).toBe("1 changed, 1 deleted");
  expect(after(...changes, undo, undo, undo, undo).rows).toEqual(SAVED);
  expect(after(...changes, { do: "discard" })).toEqual(draftOf(SAVED));
});

test("what changes nothing is no change", () => {
  expect(after(edit("0", "one?"), edit("9", "none?"), { do: "remove", ids: new Set(["9"]) })).toEqual(draftOf(SAVED));
  expect(tellChanges(after({ do: "add", row: rowOf("new 1", written("four?")) }, { do: "remove", ids: new Set(["new 1"]) }))).toBe("");
});
