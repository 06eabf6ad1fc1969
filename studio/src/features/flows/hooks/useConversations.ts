import { useEffect, useMemo, useState, useSyncExternalStore } from "react";
import { type Conversation, ConversationStore, kept } from "../logic/conversations";
import type { Chat } from "./useChat";

export interface Conversations {
  readonly all: readonly Conversation[];
  /** The id of the one that is shown. */
  readonly current: string;
  readonly open: (id: string) => void;
  /** Begins an empty one; the one before stays. */
  readonly begin: () => void;
  readonly rename: (id: string, name: string) => void;
  readonly remove: (id: string) => void;
}

function fresh(): string {
  return crypto.randomUUID();
}

/** The conversations with a flow, kept in this browser under `key`; the one of `chat` is kept whenever an answer has ended. */
export function useConversations(key: string, chat: Chat): Conversations {
  const store = useMemo(() => new ConversationStore(key), [key]);
  const all = useSyncExternalStore(store.subscribe, store.snapshot);
  const [current, setCurrent] = useState(fresh);
  const { turns, busy, open: show } = chat;
  useEffect(() => {
    if (busy || turns.length === 0) return;
    void store.change((before) => {
      const found = before.find(({ id }) => id === current);
      if (found?.turns.length === turns.length && found.turns.at(-1)?.run.traceId === turns.at(-1)?.run.traceId) return before;
      return kept(before, { id: current, name: found?.name ?? null, at: new Date().toISOString(), turns });
    });
  }, [busy, turns, current, store]);
  const open = (id: string) => {
    const found = all.find((each) => each.id === id);
    if (!found) return;
    setCurrent(id);
    show(found.turns);
  };
  const begin = () => {
    setCurrent(fresh());
    show([]);
  };
  const rename = (id: string, name: string) => {
    void store.change((before) => before.map((each) => (each.id === id ? { ...each, name: name.trim() === "" ? null : name.trim() } : each)));
  };
  const remove = (id: string) => {
    if (id === current) begin();
    void store.change((before) => before.filter((each) => each.id !== id));
  };
  return { all, current, open, begin, rename, remove };
}
