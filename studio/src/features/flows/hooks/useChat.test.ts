import { act, renderHook } from "@testing-library/react";
import { beforeEach, expect, it, vi } from "vitest";
import type { ChatShape } from "../logic/chat";
import { useChat } from "./useChat";

const asked = vi.hoisted(() => [] as unknown[]);
vi.mock("./streamTest", () => ({
  CUT_SHORT: { title: "cut short" },
  streamTest: (_address: unknown, { inputs }: { readonly inputs: unknown }) => {
    asked.push(inputs);
    return new Promise(() => undefined);
  },
}));

const ADDRESS = { workspace: "w", flow: "f" };
const SHAPE: ChatShape = { question: "ask", history: "chat_history", answer: "answer", message: "text", form: "basic", others: [] };

beforeEach(() => {
  asked.length = 0;
});

it("asks the last question again with the same inputs, in place of its answer", () => {
  const { result } = renderHook(() => useChat(ADDRESS, SHAPE));
  act(() => {
    result.current.send({ text: "first", images: [] }, { tone: "dry" });
  });
  act(() => {
    result.current.stop();
  });
  act(() => {
    result.current.again();
  });
  expect(asked).toEqual([
    { ask: "first", tone: "dry", chat_history: [] },
    { ask: "first", tone: "dry", chat_history: [] },
  ]);
  expect(result.current.turns.map(({ question, run }) => [question, run.phase])).toEqual([["first", "running"]]);
});

it("asks another question in place of an earlier one, with what came before as its history", () => {
  const { result } = renderHook(() => useChat(ADDRESS, SHAPE));
  act(() => {
    result.current.send({ text: "first", images: [] }, { tone: "dry" });
  });
  act(() => {
    result.current.send({ text: "second", images: [] }, { tone: "warm" });
  });
  act(() => {
    result.current.resend(1, "other");
  });
  expect(asked.at(-1)).toEqual({ ask: "other", tone: "dry", chat_history: [] });
  expect(result.current.turns.map(({ question }) => question)).toEqual(["other"]);
});

it("keeps the images of a question whose text is changed", () => {
  const image = { "data:image/png;base64": "iVBORw0KGgo=" };
  const shape: ChatShape = { ...SHAPE, message: "list", history: null };
  const { result } = renderHook(() => useChat(ADDRESS, shape));
  act(() => {
    result.current.send({ text: "first", images: [image] }, {});
  });
  act(() => {
    result.current.resend(1, "other");
  });
  expect(asked.at(-1)).toEqual({ ask: ["other", image] });
});

it("does not send what a request cannot hold", () => {
  const { result } = renderHook(() => useChat(ADDRESS, { ...SHAPE, message: "list" }));
  act(() => {
    result.current.send({ text: "", images: [{ "data:image/png;base64": "A".repeat(17_000_000) }] }, {});
  });
  expect(asked).toEqual([]);
  expect(result.current.turns[0]?.run.error?.code).toBe("MessageTooLarge");
  expect(result.current.busy).toBe(false);
});
