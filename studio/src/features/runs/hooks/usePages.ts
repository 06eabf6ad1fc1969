import { type QueryFunction, useQueries, useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { areaOf, PAGE_ROWS, pageOffsets, wholePages } from "../logic/window";

const LIVE_MS = 2000;
const STALE_MS = 60_000;
const FIRST_SEEN = { first: 0, last: PAGE_ROWS - 1 };

interface RowPage<T> {
  readonly items: readonly T[];
  readonly total: number;
}

/** How the page of rows that begins at an offset is asked for. Keep it from one drawing to the next. */
export type PageOf<T> = (offset: number) => { readonly queryKey: readonly unknown[]; readonly queryFn: QueryFunction<RowPage<T>>; readonly structuralSharing: false };

/** Fetches the pages before and after those in sight, so that who scrolls sees rows and not their outlines. Nothing is drawn for them. */
function useNeighbors<T>(pageOf: PageOf<T>, live: boolean, offsets: readonly number[], total: number): void {
  const client = useQueryClient();
  useEffect(() => {
    if (live) return;
    for (const offset of [Math.min(...offsets.slice(1)) - PAGE_ROWS, Math.max(...offsets) + PAGE_ROWS]) {
      if (offset < 0 || offset >= total) continue;
      // What fails is asked for again once it is in sight, and told then.
      client.query({ ...pageOf(offset), staleTime: STALE_MS }).catch(() => undefined);
    }
  }, [client, pageOf, offsets, total, live]);
}

/** The rows of a long list that are in sight, fetched page by page; again and again while it is `live`. `from` says which part of a very long one. */
export function usePages<T>(pageOf: PageOf<T>, idOf: (row: T) => string, live: boolean, from: number) {
  const [seen, setSeen] = useState(FIRST_SEEN);
  const [known, setKnown] = useState(0);
  const { start } = areaOf(from, Math.max(known, from + 1));
  const offsets = useMemo(
    () => [...new Set([start, ...pageOffsets(start + seen.first, start + Math.max(seen.last, seen.first))])],
    [start, seen.first, seen.last],
  );
  useNeighbors(pageOf, live, offsets, known);
  const pages = useQueries({
    queries: offsets.map((offset) => ({ ...pageOf(offset), staleTime: live ? LIVE_MS : STALE_MS, refetchInterval: live ? LIVE_MS : (false as const) })),
  });
  const head = pages[0];
  const total = head?.data?.total;
  if (total !== undefined && total !== known) setKnown(total);
  const byOffset = new Map(offsets.map((offset, index) => [offset, pages[index]?.data?.items]));
  const rowAt = (index: number): T | undefined => {
    const at = start + index;
    const offset = Math.floor(at / PAGE_ROWS) * PAGE_ROWS;
    return byOffset.get(offset)?.[at - offset];
  };
  const told = useRef(FIRST_SEEN);
  const onRange = useCallback((first: number, last: number) => {
    const now = wholePages(first, last);
    if (told.current.first === now.first && told.current.last === now.last) return;
    told.current = now;
    setSeen(now);
  }, []);
  /** The row `step` rows after the one with this id, if it is loaded. */
  const neighbor = (id: string, step: number): T | undefined => {
    for (const [offset, items] of byOffset) {
      const index = items?.findIndex((row) => idOf(row) === id) ?? -1;
      if (index >= 0) return rowAt(offset + index - start + step);
    }
    return undefined;
  };
  return { area: areaOf(from, total ?? known), total, first: head?.data?.items ?? [], error: head?.error ?? null, retry: head?.refetch, pending: head?.isPending ?? true, rowAt, onRange, neighbor };
}
