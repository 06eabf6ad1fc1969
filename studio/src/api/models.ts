import { queryOptions } from "@tanstack/react-query";
import { http, unwrap } from "./client";
import type { Job, ModelFilter } from "./types";

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
  pull: (workspace: string, name: string): Promise<Job> =>
    unwrap(http.POST("/api/v1/workspaces/{workspace}/models/{name}/pull", { params: { path: { workspace, name } } })),
  remove: (workspace: string, name: string) =>
    unwrap(http.DELETE("/api/v1/workspaces/{workspace}/models/{name}", { params: { path: { workspace, name } } })),
};
