import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { http, request, unwrap } from "./client";
import type { LargeValue, Span, SpanKind, Trace } from "./types";

/** What a list of traces is narrowed down to; what is left out is not asked for, and of several values of one any will do. */
export interface TraceFilter {
  status?: Trace["status"][];
  kind?: SpanKind[];
  model?: string[];
  endpoint?: string[];
  flow?: string[];
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
  /** Which values the traces of a filter have in the usual fields, or in one; of one, those that contain `find`. */
  facets: (workspace: string, filter: TraceFilter, of: { field?: string; find?: string; limit?: number } = {}) =>
    queryOptions({
      queryKey: ["traces", workspace, "facets", filter, of],
      queryFn: ({ signal }) =>
        unwrap(
          http.GET("/api/v1/workspaces/{workspace}/traces/facets", {
            params: {
              path: { workspace },
              query: { ...filter, ...(of.field ? { facet: [of.field] } : {}), ...(of.find ? { find: of.find } : {}), ...(of.limit ? { limit: of.limit } : {}) },
            },
            signal,
          }),
        ),
      staleTime: 10_000,
    }),
  get: (workspace: string, traceId: string) =>
    queryOptions({
      queryKey: ["traces", workspace, traceId],
      queryFn: ({ signal }) =>
        unwrap(http.GET("/api/v1/workspaces/{workspace}/traces/{trace_id}", { params: { path: { workspace, trace_id: traceId } }, signal })),
      staleTime: 60_000,
    }),
  /** A trace with the beginnings of its large values, which each span's `large` names. */
  short: (workspace: string, traceId: string) =>
    queryOptions({
      queryKey: ["traces", workspace, traceId, "beginnings"],
      queryFn: ({ signal }) =>
        unwrap(
          http.GET("/api/v1/workspaces/{workspace}/traces/{trace_id}", {
            params: { path: { workspace, trace_id: traceId }, query: { values: "beginnings" } },
            signal,
          }),
        ),
      staleTime: 60_000,
    }),
  /** The whole of a large value as text to read: JSON on lines. It never changes; it is kept for as long as it shows. */
  value: (workspace: string, span: Pick<Span, "trace_id" | "span_id">, value: LargeValue) =>
    queryOptions({
      queryKey: ["traces", workspace, span.trace_id, span.span_id, value],
      queryFn: async ({ signal }) => {
        const path = `/api/v1/workspaces/${encodeURIComponent(workspace)}/traces/${span.trace_id}/spans/${span.span_id}/value`;
        const query = new URLSearchParams({ name: value.name, ...(value.event == null ? {} : { event: String(value.event) }) });
        const response = await request(`${path}?${query.toString()}`, { signal });
        const text = await response.text();
        const isJson = response.headers.get("content-type")?.startsWith("application/json") === true;
        return isJson ? JSON.stringify(JSON.parse(text), null, 2) : text;
      },
      staleTime: Infinity,
      gcTime: 0,
    }),
};
