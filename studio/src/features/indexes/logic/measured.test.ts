import { expect, test } from "vitest";
import type { IndexMeasurement } from "@/api/types";
import { choicesOf, firstRank, pairOf, points, rowsOf } from "./measured";

function measurement(id: string, version: string, data = "azureml:q:1", status: IndexMeasurement["status"] = "completed"): IndexMeasurement {
  const search = { kind: "hybrid" as const, scores: {}, latency_p50_ms: 1, latency_p95_ms: 2 };
  return { id, version, data, status, index: "docs", started_at: "", ended_at: null, questions: 3, unanswerable: 0, left_out: 0, searches: [search], warnings: [] };
}

test("a version is compared with the newest one before it that was asked the same", () => {
  const all = [measurement("d", "3"), measurement("c", "2", "azureml:other:1"), measurement("b", "2"), measurement("a", "1")];
  expect(pairOf(all, "3")).toEqual(["b", "d"]);
  expect(pairOf(all, "1")).toBeNull();
  expect(pairOf([measurement("d", "3", "azureml:q:1", "running"), measurement("a", "1")], "3")).toBeNull();
  expect(rowsOf(all).map(({ id }) => id)).toEqual(["d-hybrid", "c-hybrid", "b-hybrid", "a-hybrid"]);
});

test("means stand with their intervals, and a question with the place of its first answer", () => {
  expect(points({ mean: 0.815, low: 0.7, high: 0.9 })).toBe("81.5 (70.0 to 90.0)");
  expect(points({ mean: 1, low: null, high: null })).toBe("100.0");
  expect(points(undefined)).toBe("–");
  const question = { line: 1, question: "?", documents: [], there: 1, found: { text: [{ chunk: "a", document: "a", relevant: false }, { chunk: "b", document: "b", relevant: true }] } };
  expect(firstRank(question, "text")).toBe(2);
  expect(firstRank(question, "vector")).toBeNull();
});

test("a set that is chosen by the address can be chosen, whichever version it is of", () => {
  const assets = [{ name: "q", version: "2", reference: "azureml:q:2" }];
  expect(choicesOf(assets, "azureml:q:2")).toEqual([{ value: "azureml:q:2", label: "q 2" }]);
  expect(choicesOf(assets, "azureml:q:1")).toEqual([{ value: "azureml:q:1", label: "q 1" }, { value: "azureml:q:2", label: "q 2" }]);
});
