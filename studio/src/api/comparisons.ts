import { queryOptions } from "@tanstack/react-query";
import { http, unwrap } from "./client";
import type { Job, ModelComparisonCreate, ModelComparisonPlan } from "./types";

const all = "/api/v1/workspaces/{workspace}/model-comparisons";
const one = `${all}/{comparison}` as const;

/** Query keys and requests of comparisons of models on somebody's own data. */
export const comparisons = {
  list: (workspace: string) =>
    queryOptions({
      queryKey: ["comparisons", workspace],
      queryFn: ({ signal }) => unwrap(http.GET(all, { params: { path: { workspace } }, signal })),
    }),
  get: (workspace: string, id: string) =>
    queryOptions({
      queryKey: ["comparisons", workspace, id],
      queryFn: ({ signal }) => unwrap(http.GET(one, { params: { path: { workspace, comparison: id } }, signal })),
      refetchInterval: (query) => (query.state.data?.status === "running" ? 2000 : false),
      retry: false,
    }),
  rows: (workspace: string, id: string) =>
    queryOptions({
      queryKey: ["comparisons", workspace, id, "rows"],
      queryFn: ({ signal }) => unwrap(http.GET(`${one}/rows`, { params: { path: { workspace, comparison: id } }, signal })),
    }),
  /** What it would ask and cost at most; nothing is called. */
  plan: (workspace: string, body: ModelComparisonCreate): Promise<ModelComparisonPlan> => unwrap(http.POST(`${all}/plan`, { params: { path: { workspace } }, body })),
  begin: (workspace: string, body: ModelComparisonCreate): Promise<Job> => unwrap(http.POST(all, { params: { path: { workspace } }, body })),
};
