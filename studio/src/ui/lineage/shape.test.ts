import { expect, test } from "vitest";
import type { LineageNode } from "@/api/types";
import { lineageTarget, placeNodes } from "./shape";

const node = (id: string, depth: number): LineageNode => ({ id, kind: "data", name: id, version: "1", depth, more_up: 0, more_down: 0 });
const edge = (source: string, target: string) => ({ source, target, activity: "transform" as const, by: null, parameters: {}, created_at: "", created_by: "" });

test("what a thing was made of stands left, what was made of it right, and neighbours side by side", () => {
  const places = placeNodes({ nodes: [node("root", 0), node("b", -1), node("a", -1), node("of-a", -2), node("of-b", -2), node("out", 1)], edges: [edge("a", "root"), edge("b", "root"), edge("of-a", "a"), edge("of-b", "b"), edge("root", "out")] });
  const x = (id: string) => places.get(id)?.x ?? NaN;
  const y = (id: string) => places.get(id)?.y ?? NaN;
  expect(x("of-a")).toBeLessThan(x("a"));
  expect(x("a")).toBeLessThan(x("root"));
  expect(x("out")).toBeGreaterThan(x("root"));
  expect(y("of-a") < y("of-b")).toBe(y("a") < y("b"));
  expect(new Set([...places.values()].map((place) => `${place.x} ${place.y}`)).size).toBe(6);
});

test("what was made of two things stands right of both, on the way up as on the way down", () => {
  const places = placeNodes({ nodes: [node("root", 0), node("run", 1), node("score", 1), node("from", -1), node("parts", -1)], edges: [edge("root", "score"), edge("root", "run"), edge("run", "score"), edge("parts", "root"), edge("from", "root"), edge("parts", "from")] });
  const order = ["parts", "from", "root", "run", "score"].map((id) => places.get(id)?.x ?? NaN);
  expect(order).toEqual([...order].sort((one, other) => one - other));
  expect(new Set(order).size).toBe(5);
});

test("things lead to their views", () => {
  expect(lineageTarget({ kind: "deployment", name: "support/blue", version: "" }, "demo")).toMatchObject({ params: { name: "support" } });
  expect(lineageTarget({ kind: "evaluator", name: "f1", version: "" }, "demo")).toBeNull();
});
