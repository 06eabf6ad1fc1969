import { browserShelf, type Shelf } from "@/lib/browserShelf";
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
  const first = turns[0]?.question.replaceAll(/\s+/g, " ").trim().slice(0, 80);
  return name ?? (first === "" ? "An image" : (first ?? "Empty"));
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

/** Whether these turns are what is kept already: as many, and the last has come as far. */
export function isKept({ turns: there }: Conversation, turns: readonly ChatTurn[]): boolean {
  const [before, now] = [there.at(-1), turns.at(-1)];
  if (!before || !now || there.length !== turns.length) return there.length === turns.length;
  return before.run.traceId === now.run.traceId && before.run.phase === stopRun(now.run).phase && before.question === now.question;
}

function isConversation(value: unknown): value is Conversation {
  const found = value as Partial<Conversation> | null;
  return typeof found?.id === "string" && typeof found.at === "string" && Array.isArray(found.turns);
}

/** What is kept, as conversations; what cannot be read is as if there were none. */
export function readConversations(value: unknown): readonly Conversation[] {
  return Array.isArray(value) ? (value as unknown[]).filter(isConversation) : [];
}

/** The conversations under a key of the browser's shelf, for all who show them. Where the browser keeps nothing, they last until it leaves the page. */
export class ConversationStore {
  readonly #key: string;
  readonly #shelf: Shelf;
  #all: readonly Conversation[] = [];
  readonly #listeners = new Set<() => void>();

  constructor(key: string, shelf: Shelf = browserShelf) {
    this.#key = key;
    this.#shelf = shelf;
    void this.#take(shelf.read(key));
  }

  readonly snapshot = (): readonly Conversation[] => this.#all;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  };

  /** Keeps what `to` makes of them, as they are kept now: another tab may have kept one meanwhile. */
  change(to: (before: readonly Conversation[]) => readonly Conversation[]): Promise<void> {
    const here = to(this.#all);
    return this.#take(this.#shelf.change(this.#key, (before) => to(readConversations(before))), here);
  }

  async #take(kept: Promise<unknown>, otherwise: readonly Conversation[] = []): Promise<void> {
    this.#all = await kept.then(readConversations, () => otherwise);
    for (const listener of this.#listeners) listener();
  }
}
