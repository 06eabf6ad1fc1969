import { queryOptions } from "@tanstack/react-query";
import { http, request, unwrap } from "./client";
import type { LogAnswer, SavedQuery, SavedQueryWrite } from "./types";

const all = "/api/v1/workspaces/{workspace}/logs";

/** What is asked. */
export interface LogQuestion {
  readonly query: string;
  readonly since: string;
  readonly limit: number;
}

/** Requests of SQL over telemetry. */
export const logs = {
  schema: (workspace: string) =>
    queryOptions({
      queryKey: ["logs", workspace, "schema"],
      queryFn: ({ signal }) => unwrap(http.GET(`${all}/schema`, { params: { path: { workspace } }, signal })),
      staleTime: Infinity,
    }),
  query: (workspace: string, { query, since, limit }: LogQuestion, signal?: AbortSignal): Promise<LogAnswer> =>
    unwrap(http.POST(`${all}/query`, { params: { path: { workspace } }, body: { query, since, limit, timeout_s: 60 }, ...(signal ? { signal } : {}) })),
  /** One's own saved queries, and those that others share. */
  saved: (workspace: string) =>
    queryOptions({
      queryKey: ["logs", workspace, "saved"],
      queryFn: ({ signal }) => unwrap(http.GET(`${all}/saved`, { params: { path: { workspace } }, signal })),
    }),
  save: (workspace: string, name: string, body: SavedQueryWrite): Promise<SavedQuery> =>
    unwrap(http.PUT(`${all}/saved/{name}`, { params: { path: { workspace, name } }, body })),
  forget: (workspace: string, name: string) => unwrap(http.DELETE(`${all}/saved/{name}`, { params: { path: { workspace, name } } })),
  /** The answer as a Parquet file. */
  parquet: async (workspace: string, { query, since, limit }: LogQuestion): Promise<Blob> => {
    const path = `/api/v1/workspaces/${encodeURIComponent(workspace)}/logs/export?format=parquet`;
    const response = await request(path, { method: "POST", body: JSON.stringify({ query, since, limit, timeout_s: 60 }) });
    return response.blob();
  },
};
