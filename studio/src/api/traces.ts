import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { http, unwrap } from "./client";
import type { SpanKind, Trace } from "./types";

/** What a list of traces is narrowed down to; what is left out is not asked for. */
export interface TraceFilter {
  status?: Trace["status"];
  kind?: SpanKind;
  model?: string;
  endpoint?: string;
  flow?: string;
  /** In names, prompts and answers. */
  text?: string;
  /** A search expression. */
  q?: string;
  /** RFC 3339; traces that began at or after it. */
  since?: string;
  /** RFC 3339; traces that began before it. */
  until?: string;
}

/** Query keys and requests of traces. */
export const traces = {
  pages: (workspace: string, filter: TraceFilter, limit = 100) =>
    infiniteQueryOptions({
      queryKey: ["traces", workspace, filter, limit],
      queryFn: ({ signal, pageParam }) =>
        unwrap(
          http.GET("/api/v1/workspaces/{workspace}/traces", {
            params: { path: { workspace }, query: { ...filter, limit, ...(pageParam === null ? {} : { cursor: pageParam }) } },
            signal,
          }),
        ),
      initialPageParam: null as string | null,
      getNextPageParam: (last) => last.next_cursor ?? null,
    }),
  get: (workspace: string, traceId: string) =>
    queryOptions({
      queryKey: ["traces", workspace, traceId],
      queryFn: ({ signal }) =>
        unwrap(http.GET("/api/v1/workspaces/{workspace}/traces/{trace_id}", { params: { path: { workspace, trace_id: traceId } }, signal })),
      staleTime: 60_000,
    }),
};
