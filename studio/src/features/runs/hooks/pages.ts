import { QueriesObserver, type QueryClient, type QueryFunction } from "@tanstack/react-query";
import type { Watch } from "@/ui/useWatched";
import { PAGE_ROWS, pageOffsets, wholePages } from "../logic/window";

const LIVE_MS = 2000;
const STALE_MS = 60_000;
const FIRST_SEEN = { first: 0, last: PAGE_ROWS - 1 };

interface RowPage<T> {
  readonly items: readonly T[];
  readonly total: number;
}

/** How the page of rows that begins at an offset is asked for. Keep it from one drawing to the next. */
export type PageOf<T> = (offset: number) => { readonly queryKey: readonly unknown[]; readonly queryFn: QueryFunction<RowPage<T>>; readonly structuralSharing: false };

/** How long a page holds; while rows are being made it is asked for again and again. */
export function freshness(live: boolean) {
  return { staleTime: live ? LIVE_MS : STALE_MS, refetchInterval: live ? LIVE_MS : (false as const) };
}

/**
 * The rows of a long list around those in sight, fetched page by page from row `start` on. They are kept outside of React: whoever scrolls
 * draws rows, and nothing around them. Pages are fetched while somebody watches.
 */
export class Pages<T> {
  readonly #client: QueryClient;
  readonly #pageOf: PageOf<T>;
  readonly #start: number;
  readonly #live: boolean;
  readonly #observer: QueriesObserver;
  readonly #watching = new Set<() => void>();
  #kept: ReadonlyMap<number, readonly T[]> = new Map();
  #seen = FIRST_SEEN;
  #stop: () => void = () => undefined;

  constructor(client: QueryClient, pageOf: PageOf<T>, start: number, live: boolean) {
    this.#client = client;
    this.#pageOf = pageOf;
    this.#start = start;
    this.#live = live;
    this.#observer = new QueriesObserver(client, this.#queries());
    this.#collect();
  }

  /** The row at an index of the list; undefined while it is on its way. */
  readonly rowAt = (index: number): T | undefined => {
    const at = this.#start + index;
    const offset = at - (at % PAGE_ROWS);
    return this.#kept.get(offset)?.[at - offset];
  };

  /** Says which rows are in sight. */
  readonly onRange = (first: number, last: number): void => {
    const now = wholePages(first, last);
    if (this.#seen.first === now.first && this.#seen.last === now.last) return;
    this.#seen = now;
    this.#observer.setQueries(this.#queries());
    this.#fetchBeside();
    this.#collect();
  };

  /** Calls back when rows have come, or are others than they were. */
  readonly watch: Watch = (changed) => {
    this.#watching.add(changed);
    if (this.#watching.size === 1) this.#stop = this.#observer.subscribe(this.#collect);
    this.#fetchBeside();
    this.#collect();
    return () => {
      this.#watching.delete(changed);
      if (this.#watching.size === 0) this.#stop();
    };
  };

  /** The row `step` rows after the one with this id, if it is there. */
  readonly neighbor = (id: string, step: number, idOf: (row: T) => string): T | undefined => {
    for (const [offset, items] of this.#kept) {
      const index = items.findIndex((row) => idOf(row) === id);
      if (index >= 0) return this.rowAt(offset + index - this.#start + step);
    }
    return undefined;
  };

  #offsets(): number[] {
    return pageOffsets(this.#start + this.#seen.first, this.#start + this.#seen.last);
  }

  /** The pages before and after those in sight. */
  #beside(): number[] {
    const offsets = this.#offsets();
    return [Math.min(...offsets) - PAGE_ROWS, Math.max(...offsets) + PAGE_ROWS];
  }

  #queries() {
    return this.#offsets().map((offset) => ({ ...this.#pageOf(offset), ...freshness(this.#live) }));
  }

  #page(offset: number): RowPage<T> | undefined {
    return this.#client.getQueryData<RowPage<T>>(this.#pageOf(offset).queryKey);
  }

  /** Fetches the pages beside those in sight, so that who scrolls sees rows and not their outlines. */
  #fetchBeside(): void {
    if (this.#live) return;
    const total = this.#page(this.#start)?.total ?? 0;
    for (const offset of this.#beside()) {
      if (offset < this.#start || offset >= total) continue;
      // What fails is asked for again once it is in sight, and told then.
      this.#client.query({ ...this.#pageOf(offset), staleTime: STALE_MS }).then(this.#collect, () => undefined);
    }
  }

  readonly #collect = (): void => {
    const before = this.#kept;
    const now = new Map<number, readonly T[]>();
    for (const offset of [...this.#offsets(), ...this.#beside()]) {
      const items = this.#page(offset)?.items;
      if (items) now.set(offset, items);
    }
    this.#kept = now;
    if ([...now].some(([offset, items]) => before.get(offset) !== items)) for (const changed of this.#watching) changed();
  };
}
