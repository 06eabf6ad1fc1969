import { useQueries, useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { isRunning, type LineFilter, runs } from "@/api/runs";
import { useWorkspace } from "@/lib/workspace";
import type { Run, RunLine } from "../model";
import { areaOf, PAGE_ROWS, pageOffsets, wholePages } from "../logic/window";

const LIVE_MS = 2000;
const STALE_MS = 60_000;
const FIRST_SEEN = { first: 0, last: PAGE_ROWS - 1 };

/** A row's name within its run: its line, and its variant where it has one. */
export function rowIdOf(row: Pick<RunLine, "line" | "variant">): string {
  return row.variant === "" ? String(row.line) : `${row.line}:${row.variant}`;
}

export function parseRowId(id: string): { readonly line: number; readonly variant: string } | null {
  const match = /^(\d+)(?::(.*))?$/s.exec(id);
  return match ? { line: Number(match[1]), variant: match[2] ?? "" } : null;
}

/** Fetches the pages before and after those in sight, so that who scrolls sees rows and not their outlines. Nothing is drawn for them. */
function useNeighbors(run: Run, filter: LineFilter, offsets: readonly number[], total: number): void {
  const workspace = useWorkspace();
  const client = useQueryClient();
  const live = isRunning(run);
  useEffect(() => {
    if (live) return;
    for (const offset of [Math.min(...offsets.slice(1)) - PAGE_ROWS, Math.max(...offsets) + PAGE_ROWS]) {
      if (offset < 0 || offset >= total) continue;
      // What fails is asked for again once it is in sight, and told then.
      client.query({ ...runs.lines(workspace, run.name, filter, offset, PAGE_ROWS), staleTime: STALE_MS }).catch(() => undefined);
    }
  }, [client, workspace, run.name, filter, offsets, total, live]);
}

/** The rows of a run that are in sight, fetched page by page; live while the run goes on. `from` says which part of a very long run. */
export function useLines(run: Run, filter: LineFilter, from: number) {
  const workspace = useWorkspace();
  const [seen, setSeen] = useState(FIRST_SEEN);
  const [known, setKnown] = useState(0);
  const { start } = areaOf(from, Math.max(known, from + 1));
  const offsets = useMemo(
    () => [...new Set([start, ...pageOffsets(start + seen.first, start + Math.max(seen.last, seen.first))])],
    [start, seen.first, seen.last],
  );
  const live = isRunning(run);
  useNeighbors(run, filter, offsets, known);
  const pages = useQueries({
    queries: offsets.map((offset) => ({
      ...runs.lines(workspace, run.name, filter, offset, PAGE_ROWS),
      staleTime: live ? LIVE_MS : STALE_MS,
      refetchInterval: live ? LIVE_MS : (false as const),
    })),
  });
  const head = pages[0];
  const total = head?.data?.total;
  if (total !== undefined && total !== known) setKnown(total);
  const byOffset = new Map(offsets.map((offset, index) => [offset, pages[index]?.data?.items]));
  const rowAt = (index: number): RunLine | undefined => {
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
  const neighbor = (id: string, step: number): RunLine | undefined => {
    for (const [offset, items] of byOffset) {
      const index = items?.findIndex((row) => rowIdOf(row) === id) ?? -1;
      if (index >= 0) return rowAt(offset + index - start + step);
    }
    return undefined;
  };
  return { area: areaOf(from, total ?? known), total, first: head?.data?.items ?? [], error: head?.error ?? null, retry: head?.refetch, pending: head?.isPending ?? true, rowAt, onRange, neighbor };
}
