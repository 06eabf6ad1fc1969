import { useEffect, useEffectEvent, useMemo, useRef, useState, useSyncExternalStore } from "react";
import { useUrlState } from "@/lib/url";
import { type Conversation, ConversationStore, isKept, kept } from "../logic/conversations";
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

/**
 * The conversations with a flow, kept in this browser under `key`. The one of `chat` is kept once something is asked, and when its answer
 * has ended; the address says which it is, so that it is there again after another tab, a reload, or the way back.
 */
export function useConversations(key: string, chat: Chat): Conversations {
  const store = useMemo(() => new ConversationStore(key), [key]);
  const all = useSyncExternalStore(store.subscribe, store.snapshot);
  const [named, name] = useUrlState("conversation");
  const [begun, setBegun] = useState(fresh);
  const current = all.some(({ id }) => id === named) ? named : begun;
  const shown = useRef(begun);
  const { turns, open: show } = chat;
  const last = turns.at(-1);
  const keep = useEffectEvent(() => {
    if (shown.current !== current) return; // these are the turns of the one before
    if (named !== current) name(current);
    void store.change((before) => {
      const found = before.find(({ id }) => id === current);
      return found && isKept(found, turns) ? before : kept(before, { id: current, name: found?.name ?? null, at: new Date().toISOString(), turns });
    });
  });
  // What an answer says is kept when it has ended, not with each word.
  useEffect(() => {
    if (turns.length > 0) keep();
  }, [turns.length, last?.run.traceId, last?.run.phase, current, store]);
  const follow = useEffectEvent(() => {
    if (shown.current === current) return;
    shown.current = current;
    show(all.find(({ id }) => id === current)?.turns ?? []);
  });
  useEffect(() => { follow(); }, [current]);
  const begin = () => {
    setBegun(fresh());
    name(null);
  };
  const rename = (id: string, name: string) => {
    void store.change((before) => before.map((each) => (each.id === id ? { ...each, name: name.trim() === "" ? null : name.trim() } : each)));
  };
  const remove = (id: string) => {
    if (id === current) begin();
    void store.change((before) => before.filter((each) => each.id !== id));
  };
  return { all, current, open: name, begin, rename, remove };
}
