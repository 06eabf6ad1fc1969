import { expect, test } from "vitest";
import type { DataAsset, Job } from "@/api/types";
import { countsOf, EQUAL, freeName, generatedBy, generationCommand, setsOf, tagsOf, tellGenerated, tellKept, tellLast, tellRefused, tellTaken, whyFewer, writerOf } from "./questionSets";

function asset(name: string, tags: Record<string, string>, origin: Record<string, unknown> = { kind: "upload" }): DataAsset {
  return { name, tags, origin, version: "1", type: "uri_file", reference: `azureml:${name}:1`, fingerprint: "", bytes: 1, files: 1, rows: 3, description: null, archived: false, created_at: "", created_by: "", versions: 1 };
}

const RESULT = { data: "azureml:docs-questions:1", questions: { short: 3 }, rejected: { duplicate: 2, unreadable: 1 }, asked: 6, documents: 1, tokens: 900, ended: "budget" as const };

function job(id: string, part: Partial<Job> = {}): Job {
  return { id, kind: "question_generation", target: "index/docs/1", title: "", status: "completed", stages: [], created_at: id, created_by: "", started_at: "2026-11-28T10:00:00Z", ended_at: "2026-11-28T10:02:00Z", result: RESULT, ...part };
}

test("an index's sets are those with its tag, and those that were made of it", () => {
  const all = [asset("a", { "questions-of": "docs" }), asset("b", {}, { kind: "questions", index: "docs:2", model: "m" }), asset("c", { "questions-of": "docs2" }), asset("d", {}, { kind: "questions", index: "docs2:1" }), asset("e", {})];
  expect(setsOf(all, "docs").map(({ name }) => name)).toEqual(["a", "b"]);
  const made = asset("b", { mine: "1" }, { kind: "questions", index: "docs:2", model: "m" });
  expect(tagsOf("docs", "3 short", made)).toEqual({ mine: "1", "questions-of": "docs", kinds: "3 short", model: "m" });
  expect([writerOf(made), writerOf(asset("e", {})), writerOf(asset("e", { model: "n" }))]).toEqual(["m", "", "n"]);
});

test("a set that is smaller than it was to be says why, until people change it", () => {
  const ended = "34 of 50: the passages gave no more";
  expect(whyFewer(asset("a", {}, { kind: "questions", ended }))).toBe(ended);
  expect(whyFewer(asset("a", {}, { kind: "questions" }))).toBeNull();
  expect(whyFewer(asset("a", {}, { kind: "upload" }))).toBeNull();
});

test("what was made is told with what was not taken, and why it ended", () => {
  expect(tellGenerated(RESULT)).toBe("3 questions of 1 document. 6 passages were asked about, with 900 tokens. Not taken: 2 mean the same as another, 1 could not be read. The budget of tokens was used up.");
  expect(tellGenerated({ ...RESULT, questions: {}, rejected: {}, ended: "exhausted" })).toBe("6 passages were asked about, and not one question was good. The passages gave no more.");
  const refused = { question: "?", kind: "short", document: "a.md", reason: "duplicate", same_as: "When?" };
  expect(tellRefused(refused)).toBe("means the same as “When?”");
  expect(["no_question", "not_answered", "refers_to_the_passage", "another"].map((reason) => tellRefused({ ...refused, reason, same_as: null }))).toEqual(["is no question", "is not answered by its passage", "speaks of its passage", "another"]);
  expect(generatedBy({ id: "x" })).toBeNull();
});

test("what the last one took is told of the newest that ended", () => {
  const all = [job("1", { result: { ...RESULT, tokens: 5 } }), job("3", { status: "running", result: null }), job("2"), job("4", { target: "index/docs2/1" })];
  expect(tellLast(all, "docs")).toBe("The last one took 2 min and 900 tokens for 3 questions of 6 passages.");
  expect(tellLast([], "docs")).toBeNull();
});

test("shares become numbers as the server counts them", () => {
  expect(countsOf({ count: 50, shares: EQUAL })).toEqual({ short: 10, long: 10, boolean: 10, summary: 10, conversation: 10 });
  expect(countsOf({ count: 7, shares: { ...EQUAL, long: 0, summary: 0 } })).toEqual({ short: 3, long: 0, boolean: 2, summary: 0, conversation: 2 });
  expect(countsOf({ count: 6, shares: { short: 2, long: 0, boolean: 1, summary: 0, conversation: 0 } })).toEqual({ short: 4, long: 0, boolean: 2, summary: 0, conversation: 0 });
  expect(Object.values(countsOf({ count: 6, shares: { short: 0, long: 0, boolean: 0, summary: 0, conversation: 0 } })).every((count) => count === 0)).toBe(true);
  const draft = { count: 6, shares: { short: 2, long: 0, boolean: 1, summary: 0, conversation: 0 }, model: "m", name: "set", maxTokens: 9 };
  expect(generationCommand("docs", "2", draft)).toBe("flowyard index questions docs \\\n  --version 2 \\\n  --model m \\\n  --count 6 \\\n  --kinds short,boolean \\\n  --shares 2,1 \\\n  --name set \\\n  --max-tokens 9");
});

test("a new set takes no name that is taken, unless it is told to", () => {
  const all = [asset("docs-questions", {}), asset("docs-questions-2", {})];
  expect([freeName("docs", all), freeName("docs", []), freeName("other", all)]).toEqual(["docs-questions-3", "docs-questions", "other-questions"]);
  expect(tellTaken("docs-questions", all)).toMatch(/version after 1/);
  expect(tellTaken("new", all)).toBeNull();
});

test("a canceled generation says what it left", () => {
  const write = { name: "write", status: "canceled", done: 26, total: 50 } as const;
  expect(tellKept({ status: "canceled", stages: [write] })).toMatch(/^26 questions are kept as a set/);
  expect(tellKept({ status: "canceled", stages: [{ ...write, done: 1 }] })).toMatch(/^1 question is kept/);
  expect(tellKept({ status: "canceled", stages: [{ ...write, done: 0 }] })).toBeNull();
  expect(tellKept({ status: "running", stages: [write] })).toBeNull();
});
