import { expect, it } from "vitest";
import type { ChatTurn } from "./chat";
import { type Conversation, kept, readConversations, titleOf, writeConversations } from "./conversations";
import { IDLE_RUN } from "./testRun";

function conversation(id: string, ...questions: readonly string[]): Conversation {
  const turns = questions.map((question, at): ChatTurn => ({ id: at, question, inputs: {}, run: { ...IDLE_RUN, phase: "running", nodes: { a: { node: "a", kind: "llm", status: "completed" } } } }));
  return { id, name: null, at: "2026-11-28T00:00:00Z", turns };
}

function storage(room: number) {
  let text: string | null = null;
  return {
    getItem: () => text,
    setItem: (_key: string, value: string) => {
      if (value.length > room) throw new DOMException("full", "QuotaExceededError");
      text = value;
    },
  };
}

it("keeps the one that is talked in as the newest, without what nodes did, and an empty one not at all", () => {
  const all = kept([conversation("a", "x"), conversation("b", "y")], conversation("b", "y", "z"));
  expect(all.map(({ id }) => id)).toEqual(["b", "a"]);
  expect(all[0]?.turns.map(({ run }) => [run.phase, run.nodes])).toEqual([["stopped", {}], ["stopped", {}]]);
  expect(kept(all, conversation("b")).map(({ id }) => id)).toEqual(["a"]);
});

it("is called by its first question until it has a name", () => {
  expect(titleOf(conversation("a", "what\nis it?"))).toBe("what is it?");
  expect(titleOf({ ...conversation("a", "x"), name: "Mine" })).toBe("Mine");
});

it("keeps as many of the newest as there is room for, and reads them again", () => {
  const all = [conversation("a", "x"), conversation("b", "y"), conversation("c", "z")];
  const two = storage(JSON.stringify(all.slice(0, 2)).length);
  expect(writeConversations(two, "k", all)).toEqual(all.slice(0, 2));
  expect(readConversations(two, "k").map(({ id }) => id)).toEqual(["a", "b"]);
  for (const text of ["{", "3", '[{"id": 1}]']) expect(readConversations({ getItem: () => text }, "k")).toEqual([]);
});
