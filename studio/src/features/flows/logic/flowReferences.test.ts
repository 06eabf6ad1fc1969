import { describe, expect, it } from "vitest";
import type { FlowGraph } from "../model";
import { matching, offersFor, outputsOf, resolved, typeOf } from "./flowReferences";
import { IDLE_RUN } from "./testRun";

const GRAPH = {
  inputs: [{ name: "question", type: "string", has_default: true, default: "Why?" }],
  outputs: [],
  nodes: [
    { name: "find", kind: "python" },
    { name: "ask", kind: "llm" },
    { name: "tidy", kind: "python" },
  ],
  edges: [
    { source: "find", target: "ask", label: "rows" },
    { source: "ask", target: "tidy", label: "text" },
  ],
  findings: [],
} as unknown as FlowGraph;

const OUTPUTS = { find: { rows: [{ text: "a  b", "the score": 0.5 }], total: 1 } };

describe("the references of an input", () => {
  it("are what can come before it, with types", () => {
    const offers = offersFor(GRAPH, {}, "ask");
    expect(offers.map(({ value, type, seen }) => [value, type, seen])).toEqual([
      ["${inputs.question}", "string", "Why?"],
      ["${find.output}", "", ""],
    ]);
    expect(offersFor(GRAPH, {}, null).map(({ value }) => value)).toContain("${tidy.output}");
  });
  it("go down into what the last run gave", () => {
    expect(offersFor(GRAPH, OUTPUTS, "ask").slice(2).map(({ value, type, seen }) => [value, type, seen])).toEqual([
      ["${find.output.rows}", "list", '[{"text":"a b","the score":0.5}]'],
      ["${find.output.rows[0]}", "object", '{"text":"a b","the score":0.5}'],
      ["${find.output.rows[0].text}", "string", "a b"],
      ["${find.output.rows[0]['the score']}", "double", "0.5"],
      ["${find.output.total}", "int", "1"],
    ]);
    expect(offersFor(GRAPH, { find: ["a"] }, "ask").map(({ value }) => value)).toContain("${find.output.[0]}");
  });
  it("are narrowed by what is typed", () => {
    const offers = offersFor(GRAPH, OUTPUTS, "ask");
    expect(matching(offers, "${find.tot").map(({ value }) => value)).toEqual(["${find.output.total}"]);
    expect(matching(offers, "plain text")).toEqual([]);
    expect(matching(offers, "${inputs.question}")).toEqual(offers);
  });
});

it("a reference is followed to its value", () => {
  const follow = (text: unknown) => resolved(text, { question: "Why?" }, OUTPUTS);
  for (const offer of offersFor(GRAPH, OUTPUTS, "ask")) expect(follow(offer.value)).not.toBeUndefined();
  expect(follow("${find.output.rows[0]['the score']}")).toBe(0.5);
  expect([follow("${ask.output}"), follow("${find.output.rows[3].text}"), follow("${inputs.gone}")]).toEqual([undefined, undefined, undefined]);
  expect([follow("as it is"), follow(3)]).toEqual(["as it is", 3]);
});

it("values have a flow's types, and only what ended well is known", () => {
  expect([1, 1.5, true, "", [], {}, null].map(typeOf)).toEqual(["int", "double", "bool", "string", "list", "object", "null"]);
  const nodes = { a: { node: "a", kind: "python", status: "completed", output: 1 }, b: { node: "b", kind: "python", status: "failed" } } as const;
  expect(outputsOf({ ...IDLE_RUN, nodes })).toEqual({ a: 1 });
});
