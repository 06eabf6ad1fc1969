import { expect, it } from "vitest";
import type { ChatShape, ChatTurn } from "./chat";
import { testCaseOf, withCase } from "./testCase";
import { IDLE_RUN } from "./testRun";

const SHAPE: ChatShape = { question: "ask", history: "chat_history", answer: "answer", message: "text", form: "basic", others: [] };

function turn(history: readonly unknown[]): ChatTurn {
  return { id: 1, question: "q", inputs: { ask: "q", tone: "dry", chat_history: history }, run: IDLE_RUN };
}

it("is a row with the inputs, the history where there is one, and the expected answer", () => {
  expect(testCaseOf(turn([]), SHAPE, "yes")).toEqual({ ask: "q", tone: "dry", ground_truth: "yes" });
  expect(testCaseOf(turn([1]), SHAPE, "yes")).toEqual({ ask: "q", tone: "dry", chat_history: [1], ground_truth: "yes" });
  expect(withCase("", { a: "x\ny" })).toBe('{"a":"x\\ny"}\n');
  expect(withCase('{"a": 1.0}', { b: null })).toBe('{"a": 1.0}\n{"b":null}\n');
  expect(withCase('{"a": 1}\n', { b: 2 })).toBe('{"a": 1}\n{"b":2}\n');
});
