import { queryOptions } from "@tanstack/react-query";
import { http, unwrap } from "./client";
import type { FitQuery, Job, ModelFilter, ModelImportCreate, VerificationPlan } from "./types";

/** Query keys and requests of the model catalog. */
export const models = {
  list: (workspace: string, filter: ModelFilter = {}) =>
    queryOptions({
      queryKey: ["models", workspace, { filter }],
      queryFn: ({ signal }) => unwrap(http.GET("/api/v1/workspaces/{workspace}/models", { params: { path: { workspace }, query: filter }, signal })),
    }),
  get: (workspace: string, name: string) =>
    queryOptions({
      queryKey: ["models", workspace, name],
      queryFn: ({ signal }) => unwrap(http.GET("/api/v1/workspaces/{workspace}/models/{name}", { params: { path: { workspace, name } }, signal })),
    }),
  /** Whether it fits into this machine's memory, counted before anything is downloaded. */
  fit: (workspace: string, name: string, query: FitQuery) =>
    queryOptions({
      queryKey: ["models", workspace, name, "fit", query],
      queryFn: ({ signal }) => unwrap(http.GET("/api/v1/workspaces/{workspace}/models/{name}/fit", { params: { path: { workspace, name }, query }, signal })),
      placeholderData: (before) => before,
      retry: false,
    }),
  pull: (workspace: string, name: string): Promise<Job> =>
    unwrap(http.POST("/api/v1/workspaces/{workspace}/models/{name}/pull", { params: { path: { workspace, name } } })),
  /** Starts an import from a hub, an upload or a folder of the server. */
  import: (workspace: string, body: ModelImportCreate): Promise<Job> => unwrap(http.POST("/api/v1/workspaces/{workspace}/model-imports", { params: { path: { workspace } }, body })),
  remove: (workspace: string, name: string) =>
    unwrap(http.DELETE("/api/v1/workspaces/{workspace}/models/{name}", { params: { path: { workspace, name } } })),
};

const tried = "/api/v1/workspaces/{workspace}/model-verifications";

/** Query keys and requests of verifications: what a model was seen to do when it was tried. */
export const verifications = {
  list: (workspace: string, model: string) =>
    queryOptions({
      queryKey: ["verifications", workspace, "of", model],
      queryFn: ({ signal }) => unwrap(http.GET(tried, { params: { path: { workspace }, query: { model } }, signal })),
    }),
  get: (workspace: string, id: string) =>
    queryOptions({
      queryKey: ["verifications", workspace, id],
      queryFn: ({ signal }) => unwrap(http.GET(`${tried}/{verification}`, { params: { path: { workspace, verification: id } }, signal })),
      refetchInterval: (query) => (query.state.data?.status === "running" ? 1500 : false),
      retry: false,
    }),
  /** What it would do and cost; nothing is called. */
  plan: (workspace: string, model: string): Promise<VerificationPlan> => unwrap(http.POST(`${tried}/plan`, { params: { path: { workspace } }, body: { model } })),
  begin: (workspace: string, model: string, checks: VerificationPlan["checks"]): Promise<Job> => unwrap(http.POST(tried, { params: { path: { workspace } }, body: { model, checks } })),
};
