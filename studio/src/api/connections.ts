import { queryOptions } from "@tanstack/react-query";
import { http, unwrap } from "./client";
import type { Connection, ConnectionTest, ConnectionWrite } from "./types";

const named = (workspace: string, name: string) => ({ params: { path: { workspace, name } } });

/** Query keys and requests of connections. */
export const connections = {
  list: (workspace: string) =>
    queryOptions({
      queryKey: ["connections", workspace],
      queryFn: ({ signal }) => unwrap(http.GET("/api/v1/workspaces/{workspace}/connections", { params: { path: { workspace } }, signal })),
    }),
  get: (workspace: string, name: string) =>
    queryOptions({
      queryKey: ["connections", workspace, name],
      queryFn: ({ signal }) => unwrap(http.GET("/api/v1/workspaces/{workspace}/connections/{name}", { ...named(workspace, name), signal })),
    }),
  create: (workspace: string, body: ConnectionWrite): Promise<Connection> =>
    unwrap(http.POST("/api/v1/workspaces/{workspace}/connections", { params: { path: { workspace } }, body })),
  replace: (workspace: string, name: string, body: ConnectionWrite): Promise<Connection> =>
    unwrap(http.PUT("/api/v1/workspaces/{workspace}/connections/{name}", { ...named(workspace, name), body })),
  remove: (workspace: string, name: string) => unwrap(http.DELETE("/api/v1/workspaces/{workspace}/connections/{name}", named(workspace, name))),
  test: (workspace: string, name: string): Promise<ConnectionTest> =>
    unwrap(http.POST("/api/v1/workspaces/{workspace}/connections/{name}/test", named(workspace, name))),
};
