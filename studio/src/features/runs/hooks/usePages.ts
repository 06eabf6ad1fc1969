import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useCallback, useMemo, useState } from "react";
import { areaOf } from "../logic/window";
import { freshness, type PageOf, Pages } from "./pages";

/**
 * The rows of a long list that are in sight; again and again while it is `live`. `from` says which part of a very long one. What uses this
 * is drawn again when the first page changes; whoever shows more than that watches.
 */
export function usePages<T>(pageOf: PageOf<T>, idOf: (row: T) => string, live: boolean, from: number) {
  const client = useQueryClient();
  const [known, setKnown] = useState(0);
  const { start } = areaOf(from, Math.max(known, from + 1));
  const head = useQuery({ ...pageOf(start), ...freshness(live) });
  const total = head.data?.total;
  if (total !== undefined && total !== known) setKnown(total);
  const pages = useMemo(() => new Pages(client, pageOf, start, live), [client, pageOf, start, live]);
  const neighbor = useCallback((id: string, step: number) => pages.neighbor(id, step, idOf), [pages, idOf]);
  const { rowAt, onRange, watch } = pages;
  return { area: areaOf(from, total ?? known), total, first: head.data?.items ?? NONE, error: head.error, retry: head.refetch, pending: head.isPending, rowAt, onRange, watch, neighbor };
}

const NONE: readonly never[] = [];
