import type { ChatTurn } from "./chat";
import { stopRun } from "./testRun";

/** A conversation that is kept in this browser. `name` is what it was called; without one it is called by its first question. */
export interface Conversation {
  readonly id: string;
  readonly name: string | null;
  /** When it was last talked in, ISO 8601. */
  readonly at: string;
  readonly turns: readonly ChatTurn[];
}

/** So many are kept of a flow, the newest. */
const MOST = 50;

/** What a conversation is called. */
export function titleOf({ name, turns }: Conversation): string {
  return name ?? turns[0]?.question.replaceAll(/\s+/g, " ").slice(0, 80) ?? "Empty";
}

/** A turn without what its nodes did, which its trace has. */
function slim(turn: ChatTurn): ChatTurn {
  return { ...turn, run: { ...stopRun(turn.run), nodes: {}, made: {} } };
}

/** The conversations with one of them as it is now, the newest first; one without turns is not kept. */
export function kept(all: readonly Conversation[], one: Conversation): readonly Conversation[] {
  const others = all.filter(({ id }) => id !== one.id);
  return one.turns.length === 0 ? others : [{ ...one, turns: one.turns.map(slim) }, ...others].slice(0, MOST);
}

function isConversation(value: unknown): value is Conversation {
  const found = value as Partial<Conversation> | null;
  return typeof found?.id === "string" && typeof found.at === "string" && Array.isArray(found.turns);
}

/** Reads what is kept under a key; what cannot be read is as if there were none. */
export function readConversations(storage: Pick<Storage, "getItem">, key: string): readonly Conversation[] {
  try {
    const found = JSON.parse(storage.getItem(key) ?? "[]") as unknown;
    return Array.isArray(found) ? (found as unknown[]).filter(isConversation) : [];
  } catch {
    return [];
  }
}

/** Keeps conversations under a key: as many of the newest as the browser has room for. Returns those. */
export function writeConversations(storage: Pick<Storage, "setItem">, key: string, all: readonly Conversation[]): readonly Conversation[] {
  for (let count = all.length; count > 0; count -= 1) {
    try {
      storage.setItem(key, JSON.stringify(all.slice(0, count)));
      return all.slice(0, count);
    } catch {
      // No room: the oldest goes.
    }
  }
  storage.setItem(key, "[]");
  return [];
}

/** The conversations under a key of the browser's storage, for all who show them. */
export class ConversationStore {
  readonly #key: string;
  #all: readonly Conversation[];
  readonly #listeners = new Set<() => void>();

  constructor(key: string) {
    this.#key = key;
    this.#all = readConversations(localStorage, key);
  }

  readonly snapshot = (): readonly Conversation[] => this.#all;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  };

  /** Keeps what `to` makes of them. They are read again before: another tab may have kept one meanwhile. */
  change(to: (before: readonly Conversation[]) => readonly Conversation[]): void {
    this.#all = writeConversations(localStorage, this.#key, to(readConversations(localStorage, this.#key)));
    for (const listener of this.#listeners) listener();
  }
}
