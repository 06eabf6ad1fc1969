import { expect, test } from "vitest";
import { LATER, sampleAhead } from "./ahead";
import { referencesOf } from "./mapping";

const GRAPH = {
  inputs: [
    { name: "question", type: "string", has_default: false },
    { name: "tone", type: "string", has_default: true, default: "plain" },
  ],
  outputs: [{ name: "answer", type: "string", reference: "${answer.output}" }],
};

test("an evaluator is offered the data, what feeds the flow, and the names of its outputs", () => {
  const row = sampleAhead({ line: 3, data: { asked: "When?", truth: "At seven" } }, GRAPH, { question: "${data.asked}" });
  expect(row).toEqual({ line: 3, data: { asked: "When?", truth: "At seven" }, "run.inputs": { question: "When?", tone: "plain" }, "run.outputs": { answer: LATER } });
  expect(referencesOf([row])).toEqual(["${data.asked}", "${data.truth}", "${run.outputs.answer}", "${run.inputs.question}", "${run.inputs.tone}"]);
});

test("data that nobody can look into stays so", () => {
  const row = sampleAhead({ line: 0, data: "unseen" }, GRAPH, { question: "${data.asked}" });
  expect(row["run.inputs"]).toEqual({ question: LATER, tone: "plain" });
  expect(row.data).toBe("unseen");
});
