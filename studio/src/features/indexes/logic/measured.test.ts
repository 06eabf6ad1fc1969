import { expect, test } from "vitest";
import type { IndexMeasurement } from "@/api/types";
import { choicesOf, figuresOf, firstRank, pairOf, points, rowsOf, scaleOf, tellMeasured, whiskerOf } from "./measured";

function measurement(id: string, version: string, data = "azureml:q:1", status: IndexMeasurement["status"] = "completed"): IndexMeasurement {
  const search = { kind: "hybrid" as const, scores: {}, latency_p50_ms: 1, latency_p95_ms: 2 };
  return { id, version, data, status, index: "docs", started_at: "", ended_at: null, questions: 3, unanswerable: 0, left_out: 0, searches: [search], warnings: [] };
}

test("a version is compared with the newest one before it that was asked the same", () => {
  const all = [measurement("d", "3"), measurement("c", "2", "azureml:other:1"), measurement("b", "2"), measurement("a", "1")];
  expect(pairOf(all, "3")).toEqual({ before: "b", after: "d", by: "version" });
  expect(pairOf(all, "1")).toBeNull();
  expect(pairOf([measurement("d", "3", "azureml:q:1", "running"), measurement("a", "1")], "3")).toBeNull();
  expect(rowsOf(all).map(({ id }) => id)).toEqual(["d-hybrid", "c-hybrid", "b-hybrid", "a-hybrid"]);
});

test("reranked and not reranked is compared where no version before was measured alike", () => {
  const reranked = { ...measurement("e", "3"), rerank: "encoder" };
  expect(pairOf([reranked, measurement("d", "3")], "3")).toEqual({ before: "d", after: "e", by: "rerank" });
  expect(pairOf([reranked, measurement("a", "1")], "3")).toBeNull();
  expect(pairOf([reranked, measurement("d", "3"), measurement("a", "1")], "3")).toEqual({ before: "a", after: "d", by: "version" });
});

test("a version has the figures of its newest measurement, by the best kind of search", () => {
  const kinds = [0.5, 0.7].map((mean, at) => ({ kind: at === 0 ? ("text" as const) : ("vector" as const), scores: { "ndcg@10": { mean, low: null, high: null } }, latency_p50_ms: 1, latency_p95_ms: 2 }));
  const found = figuresOf([{ ...measurement("d", "2", "q", "running"), searches: [] }, { ...measurement("c", "2"), searches: kinds }, measurement("b", "2"), measurement("a", "1")]);
  expect([...found].map(([version, row]) => [version, row.id])).toEqual([["2", "c-vector"], ["1", "a-hybrid"]]);
});

test("means are drawn on one scale that has their intervals", () => {
  const means = [{ mean: 0.52, low: 0.41, high: 0.63 }, { mean: 0.7, low: null, high: null }, undefined];
  const scale = scaleOf(means);
  expect(scale).toEqual({ low: 0.4, high: 0.7 });
  expect(whiskerOf({ mean: 0.55, low: 0.4, high: 0.7 }, scale)).toEqual({ at: expect.closeTo(50) as number, from: 0, to: 100 });
  expect(whiskerOf({ mean: 0.7, low: null, high: null }, scale).from).toBeNull();
  expect(scaleOf([])).toEqual({ low: 0, high: 1 });
  expect(scaleOf([{ mean: 1, low: 1, high: 1 }])).toEqual({ low: 0, high: 1 });
});

test("means stand with their intervals, and a question with the place of its first answer", () => {
  expect(points({ mean: 0.815, low: 0.7, high: 0.9 })).toBe("81.5 (70.0 to 90.0)");
  expect(points({ mean: 1, low: null, high: null })).toBe("100.0");
  expect(points(undefined)).toBe("–");
  const question = { line: 1, question: "?", documents: [], there: 1, found: { text: [{ chunk: "a", document: "a", relevant: false }, { chunk: "b", document: "b", relevant: true }] } };
  expect(firstRank(question, "text")).toBe(2);
  expect(firstRank(question, "vector")).toBeNull();
  const hits = [0.3, 0, 0.3].map((gain, place) => ({ chunk: `${place}`, document: "a", relevant: gain > 0, gain }));
  const cut = { ...question, best: [0.4, 0.3, 0.3], found: { text: hits, vector: hits.slice(0, 2) } };
  expect([firstRank(cut, "text"), firstRank(cut, "vector")]).toEqual([3, null]);
});

test("a set that is chosen by the address can be chosen, whichever version it is of", () => {
  const assets = [{ name: "q", version: "2", reference: "azureml:q:2" }];
  expect(choicesOf(assets, "azureml:q:2")).toEqual([{ value: "azureml:q:2", label: "q 2" }]);
  expect(choicesOf(assets, "azureml:q:1")).toEqual([{ value: "azureml:q:1", label: "q 1" }, { value: "azureml:q:2", label: "q 2" }]);
});

test("a measurement says what its figures do not", () => {
  expect(tellMeasured(measurement("a", "1"))).toEqual([]);
  const warned = { ...measurement("a", "1"), unanswerable: 2, left_out: 1, warnings: ["Row 3: it has no question."] };
  expect(tellMeasured(warned)).toEqual(["Nothing in this version answers 2 of the questions, so they count 0.", "One row is no question.", "Row 3: it has no question."]);
});
