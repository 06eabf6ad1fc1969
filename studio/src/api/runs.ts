import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { http, request, unwrap } from "./client";
import type { DataUpload, Run, RunCreate, RunLine } from "./types";

const all = "/api/v1/workspaces/{workspace}/runs" as const;
const one = `${all}/{name}` as const;
const named = (workspace: string, name: string) => ({ params: { path: { workspace, name } } });
const address = (workspace: string) => `/api/v1/workspaces/${encodeURIComponent(workspace)}/runs`;

/** Whether a run goes on by itself, so that it is worth asking for often. */
export function isRunning(run: Pick<Run, "status">): boolean {
  return run.status === "queued" || run.status === "running" || run.status === "canceling";
}

/** What a list of runs is narrowed down to; what is left out is not asked for. */
export interface RunFilter {
  flow?: string;
  status?: Run["status"];
  archived?: "no" | "only" | "also";
}

/** What a run's rows are narrowed down to, and how they are sorted: `outputs.score`, `-duration`. */
export interface LineFilter {
  status?: RunLine["status"];
  /** What evaluators say of a row; on `score`, or the worst of all its scores. */
  verdict?: "pass" | "fail" | "unknown";
  score?: string;
  variant?: string;
  text?: string;
  sort?: string;
}

export const EXPORT_FORMATS = ["jsonl", "csv", "parquet"] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

/** Query keys and requests of runs. */
export const runs = {
  pages: (workspace: string, filter: RunFilter, limit = 100) =>
    infiniteQueryOptions({
      queryKey: ["runs", workspace, "pages", filter, limit],
      queryFn: ({ signal, pageParam }) =>
        unwrap(http.GET(all, { params: { path: { workspace }, query: { ...filter, limit, ...(pageParam === null ? {} : { cursor: pageParam }) } }, signal })),
      initialPageParam: null as string | null,
      getNextPageParam: (last) => last.next_cursor ?? null,
    }),
  get: (workspace: string, name: string) =>
    queryOptions({
      queryKey: ["runs", workspace, name],
      queryFn: ({ signal }) => unwrap(http.GET(one, { ...named(workspace, name), signal })),
      refetchInterval: (query) => (query.state.data && isRunning(query.state.data) ? 1000 : 15_000),
    }),
  /** A page of rows. `offset` counts rows from 0: it is what the cursor of a page of rows says. */
  lines: (workspace: string, name: string, filter: LineFilter, offset: number, limit: number) => ({
    queryKey: ["runs", workspace, name, "lines", filter, offset, limit] as const,
    queryFn: ({ signal }: { signal: AbortSignal }) =>
      unwrap(
        http.GET(`${one}/lines`, {
          params: { path: { workspace, name }, query: { ...filter, limit, ...(offset === 0 ? {} : { cursor: String(offset) }) } },
          signal,
        }),
      ),
    // Comparing a page with the one before, value by value, takes longer than drawing it.
    structuralSharing: false as const,
  }),
  /** How many rows ended how, and what evaluators say of them; of those that fit `filter`. */
  lineCounts: (workspace: string, name: string, filter: Pick<LineFilter, "variant" | "text">) =>
    queryOptions({
      queryKey: ["runs", workspace, name, "line-counts", filter],
      queryFn: ({ signal }) => unwrap(http.GET(`${one}/line-counts`, { params: { path: { workspace, name }, query: filter }, signal })),
    }),
  line: (workspace: string, name: string, line: number, variant: string) =>
    queryOptions({
      queryKey: ["runs", workspace, name, "line", line, variant],
      queryFn: ({ signal }) => unwrap(http.GET(`${one}/lines/{line}`, { params: { path: { workspace, name, line }, query: { variant } }, signal })),
    }),
  /** Answers of judges from which no score could be read. */
  unreadAnswers: (workspace: string, name: string, limit: number) =>
    infiniteQueryOptions({
      queryKey: ["runs", workspace, name, "unread", limit],
      queryFn: ({ signal, pageParam }) =>
        unwrap(
          http.GET(`${one}/unread-answers`, {
            params: { path: { workspace, name }, query: { limit, ...(pageParam === null ? {} : { cursor: pageParam }) } },
            signal,
          }),
        ),
      initialPageParam: null as string | null,
      getNextPageParam: (last) => last.next_cursor ?? null,
    }),
  logs: (workspace: string, name: string, tail: number) =>
    queryOptions({
      queryKey: ["runs", workspace, name, "logs", tail],
      queryFn: ({ signal }) => unwrap(http.GET(`${one}/logs`, { params: { path: { workspace, name }, query: { tail } }, signal })),
    }),
  /** What runs side by side show, over all of their rows. */
  comparison: (workspace: string, names: readonly string[], least?: number) =>
    queryOptions({
      queryKey: ["runs", workspace, "compare", names, least],
      queryFn: ({ signal }) =>
        unwrap(
          http.GET(`${all}/compare`, {
            params: { path: { workspace }, query: { runs: names.join(","), limit: 1, ...(least === undefined ? {} : { least_difference: least }) } },
            signal,
          }),
        ),
    }),
  /** A page of the rows of runs side by side; `offset` counts from 0. */
  comparedLines: (workspace: string, names: readonly string[], changed: boolean, offset: number, limit: number) => ({
    queryKey: ["runs", workspace, "compare", names, "lines", changed, offset, limit] as const,
    queryFn: async ({ signal }: { signal: AbortSignal }) => {
      const query = { runs: names.join(","), changed, limit, ...(offset === 0 ? {} : { cursor: String(offset) }) };
      const { lines, total } = await unwrap(http.GET(`${all}/compare`, { params: { path: { workspace }, query }, signal }));
      return { items: lines, total };
    },
    structuralSharing: false as const,
  }),
  /** Where a browser downloads a run's rows from. */
  exportPath: (workspace: string, name: string, format: ExportFormat) => `${address(workspace)}/${encodeURIComponent(name)}/export?format=${format}`,
  /** Uploads one file, or a zip archive of a folder. */
  upload: async (workspace: string, file: File): Promise<DataUpload> => {
    const archive = /\.zip$/i.test(file.name);
    const response = await request(`${address(workspace)}/data${archive ? "" : `?name=${encodeURIComponent(file.name)}`}`, {
      method: "POST",
      body: file,
      headers: { "Content-Type": archive ? "application/zip" : "application/octet-stream" },
    });
    return (await response.json()) as DataUpload;
  },
  create: (workspace: string, body: RunCreate): Promise<Run> => unwrap(http.POST(all, { params: { path: { workspace } }, body })),
  cancel: (workspace: string, name: string): Promise<Run> => unwrap(http.POST(`${one}/cancel`, named(workspace, name))),
  resume: (workspace: string, name: string): Promise<Run> => unwrap(http.POST(`${one}/resume`, named(workspace, name))),
  archive: (workspace: string, name: string): Promise<Run> => unwrap(http.POST(`${one}/archive`, named(workspace, name))),
  restore: (workspace: string, name: string): Promise<Run> => unwrap(http.POST(`${one}/restore`, named(workspace, name))),
  remove: (workspace: string, name: string) => unwrap(http.DELETE(one, named(workspace, name))),
};
