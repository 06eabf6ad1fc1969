import { type ImageForm, imagesIn, imageValue, textValue } from "@/ui/images/images";
import type { FlowGraph, FlowInput } from "../model";
import type { TestRun } from "./testRun";

/** What is said to a flow: a text, images as the flow takes them, or both. */
export interface Message {
  readonly text: string;
  readonly images: readonly unknown[];
}

/** One exchange of a chat: what was asked, and the run of the flow that answers it. Images of the question are in `inputs`. */
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
  /** What the message is: a text, a list of texts and images, or one image. */
  readonly message: "text" | "list" | "image";
  /** How images are written. */
  readonly form: ImageForm;
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
  const message = asked.type === "list" || asked.type === "image" ? asked.type : "text";
  return { question: asked.name, history: history?.name ?? null, answer: answer.name, message, form: graph.message_format ?? "basic", others };
}

/** Why no images can be sent; null: they can. */
export function whyNoImages({ message, question }: ChatShape): string | null {
  return message === "text" ? `This flow takes no images: its message, ${question}, is a text. Give the input the type list, for texts and images, or image.` : null;
}

/** So many images go into one message. */
export function mostImages({ message }: ChatShape): number {
  return message === "image" ? 1 : message === "list" ? 8 : 0;
}

/** Images, given as data URLs, beside a text. */
export function messageOf(shape: ChatShape, text: string, dataUrls: readonly string[]): Message {
  return { text, images: dataUrls.map((url) => imageValue(url, shape.form)) };
}

/** What a message lacks to be sent; null: nothing. */
export function whyUnsent({ message }: ChatShape, { text, images }: Message): string | null {
  if (message === "image") return images.length === 0 ? "The message of this flow is an image: attach one." : null;
  return text.trim() === "" && images.length === 0 ? "Write a message first." : null;
}

/** The images that a turn asked with. */
export function imagesOf(turn: ChatTurn, shape: ChatShape) {
  return shape.message === "text" ? [] : imagesIn(turn.inputs[shape.question]);
}

function messageValue(shape: ChatShape, { text, images }: Message): unknown {
  if (shape.message === "text") return text;
  if (shape.message === "image") return images[0] ?? text;
  return [...(text.trim() === "" ? [] : [textValue(text, shape.form)]), ...images];
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
  message: Message,
  others: Readonly<Record<string, unknown>>,
  turns: readonly ChatTurn[],
): Readonly<Record<string, unknown>> {
  const history = shape.history === null ? {} : { [shape.history]: chatHistory(turns, shape) };
  return { ...others, [shape.question]: messageValue(shape, message), ...history };
}
