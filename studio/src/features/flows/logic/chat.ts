import type { FlowGraph, FlowInput } from "../model";
import type { TestRun } from "./testRun";

/** One exchange of a chat: what was asked, and the run of the flow that answers it. */
export interface ChatTurn {
  readonly id: number;
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly question: string;
  readonly run: TestRun;
}

/** The inputs and outputs that a chat flow talks through. */
export interface ChatShape {
  readonly question: string;
  readonly history: string | null;
  readonly answer: string;
  /** Inputs besides question and history, asked for in a form. */
  readonly others: readonly FlowInput[];
}

function only<T>(items: readonly T[]): T | null {
  return items.length === 1 ? (items[0] ?? null) : null;
}

/** How to chat with a flow; null when it does not say which input is the message or which output the answer. */
export function chatShape(graph: FlowGraph): ChatShape | null {
  const asked = graph.inputs.find((input) => input.is_chat_input) ?? graph.inputs.find((input) => input.name === "question");
  const history = graph.inputs.find((input) => input.is_chat_history) ?? graph.inputs.find((input) => input.name === "chat_history");
  const answer = graph.outputs.find((output) => output.is_chat_output) ?? only(graph.outputs);
  if (!asked || !answer) return null;
  const others = graph.inputs.filter((input) => input.name !== asked.name && input.name !== history?.name);
  return { question: asked.name, history: history?.name ?? null, answer: answer.name, others };
}

/** The history as a chat flow takes it: the inputs (without the history itself) and outputs of each completed turn. */
export function chatHistory(turns: readonly ChatTurn[], shape: ChatShape): readonly unknown[] {
  return turns
    .filter((turn) => turn.run.phase === "completed" && turn.run.outputs !== null)
    .map((turn) => ({
      inputs: Object.fromEntries(Object.entries(turn.inputs).filter(([name]) => name !== shape.history)),
      outputs: turn.run.outputs,
    }));
}

/** The inputs of the next turn. */
export function turnInputs(
  shape: ChatShape,
  question: string,
  others: Readonly<Record<string, unknown>>,
  turns: readonly ChatTurn[],
): Readonly<Record<string, unknown>> {
  const history = shape.history === null ? {} : { [shape.history]: chatHistory(turns, shape) };
  return { ...others, [shape.question]: question, ...history };
}
