import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { http, unwrap } from "./client";
import type { SourceQuery } from "./types";

/** Queries of the editors of a flow's files, asked while somebody types: the last answer stays until the next is there. */
export const flowEditing = {
  /** What a text says of itself: a template's variables, the tools of Python code, mistakes. */
  source: (workspace: string, flow: string, query: SourceQuery) =>
    queryOptions({
      queryKey: ["flow-editing", workspace, flow, "source", query],
      queryFn: ({ signal }) => unwrap(http.POST("/api/v1/workspaces/{workspace}/flows/{flow}/source", { params: { path: { workspace, flow } }, body: query, signal })),
      staleTime: Infinity,
      gcTime: 60_000,
      placeholderData: keepPreviousData,
    }),
  /** A node's prompt with values, of the files as they are saved; `saved` is what they say, so that each state is asked for once. */
  prompt: (workspace: string, flow: string, { node, variant }: { readonly node: string; readonly variant: string | null }, inputs: Record<string, unknown>, saved: string) =>
    queryOptions({
      queryKey: ["flow-editing", workspace, flow, "prompt", node, variant, inputs, saved],
      queryFn: ({ signal }) => unwrap(http.POST("/api/v1/workspaces/{workspace}/flows/{flow}/nodes/{node}/prompt", { params: { path: { workspace, flow, node } }, body: { inputs, variant }, signal })),
      staleTime: Infinity,
      gcTime: 60_000,
      retry: false,
      placeholderData: keepPreviousData,
    }),
};
