import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { http, unwrap } from "./client";
import type { CodePlace, SourceQuery } from "./types";

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
  /** The names that can go on at a place of a Python file's text. */
  completions: async (workspace: string, flow: string, place: CodePlace, signal: AbortSignal) =>
    (await unwrap(http.POST("/api/v1/workspaces/{workspace}/flows/{flow}/completions", { params: { path: { workspace, flow } }, body: place, signal }))).items ?? [],
  /** What the name at a place of a Python file's text is. */
  explanation: (workspace: string, flow: string, place: CodePlace) =>
    unwrap(http.POST("/api/v1/workspaces/{workspace}/flows/{flow}/explanation", { params: { path: { workspace, flow } }, body: place })),
  /** The ways to call what is called at a place of a Python file's text. */
  signatures: async (workspace: string, flow: string, place: CodePlace, signal: AbortSignal) =>
    (await unwrap(http.POST("/api/v1/workspaces/{workspace}/flows/{flow}/signatures", { params: { path: { workspace, flow } }, body: place, signal }))).items ?? [],
};
