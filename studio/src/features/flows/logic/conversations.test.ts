import { expect, it } from "vitest";
import type { ChatTurn } from "./chat";
import { type Conversation, ConversationStore, isKept, kept, readConversations, titleOf } from "./conversations";
import { IDLE_RUN } from "./testRun";

function conversation(id: string, ...questions: readonly string[]): Conversation {
  const turns = questions.map((question, at): ChatTurn => ({ id: at, question, inputs: {}, run: { ...IDLE_RUN, phase: "running", nodes: { a: { node: "a", kind: "llm", status: "completed" } } } }));
  return { id, name: null, at: "2026-11-28T00:00:00Z", turns };
}

/** A shelf in memory. */
function shelf() {
  let value: unknown;
  return {
    read: () => Promise.resolve(value),
    change: <T,>(_key: string, to: (before: unknown) => T) => {
      const after = to(value);
      value = after;
      return Promise.resolve(after);
    },
  };
}

it("keeps the one that is talked in as the newest, without what nodes did, and an empty one not at all", () => {
  const all = kept([conversation("a", "x"), conversation("b", "y")], conversation("b", "y", "z"));
  expect(all.map(({ id }) => id)).toEqual(["b", "a"]);
  expect(all[0]?.turns.map(({ run }) => [run.phase, run.nodes])).toEqual([["stopped", {}], ["stopped", {}]]);
  expect(kept(all, conversation("b")).map(({ id }) => id)).toEqual(["a"]);
});

it("is kept anew when more was asked, and when the last answer has ended or failed before it had a trace", () => {
  const [one] = kept([], conversation("a", "x"));
  const [turn] = conversation("a", "x").turns;
  if (!one || !turn) throw new Error("There is one.");
  const ended = (run: Partial<ChatTurn["run"]>) => [{ ...turn, run: { ...turn.run, ...run } }];
  expect(isKept(one, ended({}))).toBe(true);
  expect(isKept(one, ended({ phase: "failed" }))).toBe(false);
  expect(isKept(one, ended({ traceId: "t" }))).toBe(false);
  expect(isKept(one, [...ended({}), turn])).toBe(false);
});

it("is called by its first question until it has a name", () => {
  expect(titleOf(conversation("a", "what\nis it?"))).toBe("what is it?");
  expect(titleOf({ ...conversation("a", "x"), name: "Mine" })).toBe("Mine");
  expect(titleOf(conversation("a", ""))).toBe("An image");
  expect(titleOf(conversation("a"))).toBe("Empty");
});

it("brings what another tab kept meanwhile together with its own", async () => {
  const shared = shelf();
  const one = new ConversationStore("k", shared);
  const other = new ConversationStore("k", shared);
  let told = 0;
  one.subscribe(() => (told += 1));
  await one.change((before) => kept(before, conversation("a", "x")));
  await other.change((before) => kept(before, conversation("b", "y")));
  expect(other.snapshot().map(({ id }) => id)).toEqual(["b", "a"]);
  expect(new ConversationStore("k", shared).snapshot()).toEqual([]);
  expect(told).toBeGreaterThan(0);
});

it("lasts while the page does where the browser keeps nothing", async () => {
  const broken = { read: () => Promise.reject(new Error("private")), change: () => Promise.reject(new Error("private")) };
  const store = new ConversationStore("k", broken);
  await store.change((before) => kept(before, conversation("a", "x")));
  await store.change((before) => kept(before, conversation("b", "y")));
  expect(store.snapshot().map(({ id }) => id)).toEqual(["b", "a"]);
});

it.each(["{", 3, [{ id: 1 }], undefined])("takes %j as none", (value) => {
  expect(readConversations(value)).toEqual([]);
});
