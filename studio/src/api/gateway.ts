import { queryOptions } from "@tanstack/react-query";
import { http, unwrap } from "./client";
import type { ApiKey, Limits, Route, RouteSpec, WorkspaceLimits } from "./types";

const routes = "/api/v1/workspaces/{workspace}/gateway/routes" as const;
const limits = "/api/v1/workspaces/{workspace}/limits" as const;
const FRESH_MS = 2000;

/** Query keys and requests of the gateway: its routes, what may be used, the gateways that run. */
export const gateway = {
  routes: (workspace: string) =>
    queryOptions({
      queryKey: ["gateway", workspace, "routes"],
      queryFn: ({ signal }) => unwrap(http.GET(routes, { params: { path: { workspace } }, signal })),
    }),
  route: (workspace: string, name: string) =>
    queryOptions({
      queryKey: ["gateway", workspace, "routes", name],
      queryFn: ({ signal }) => unwrap(http.GET(`${routes}/{name}`, { params: { path: { workspace, name } }, signal })),
    }),
  createRoute: (workspace: string, name: string, spec: RouteSpec): Promise<Route> => unwrap(http.POST(routes, { params: { path: { workspace } }, body: { name, spec } })),
  replaceRoute: (workspace: string, name: string, spec: RouteSpec): Promise<Route> =>
    unwrap(http.PUT(`${routes}/{name}`, { params: { path: { workspace, name } }, body: spec })),
  removeRoute: (workspace: string, name: string) => unwrap(http.DELETE(`${routes}/{name}`, { params: { path: { workspace, name } } })),
  status: (workspace: string) =>
    queryOptions({
      queryKey: ["gateway", workspace, "status"],
      queryFn: ({ signal }) => unwrap(http.GET("/api/v1/workspaces/{workspace}/gateway/status", { params: { path: { workspace } }, signal })),
      refetchInterval: FRESH_MS,
    }),
  limits: (workspace: string) =>
    queryOptions({
      queryKey: ["gateway", workspace, "limits"],
      queryFn: ({ signal }) => unwrap(http.GET(limits, { params: { path: { workspace } }, signal })),
      refetchInterval: FRESH_MS,
    }),
  setLimits: (workspace: string, body: Limits): Promise<WorkspaceLimits> => unwrap(http.PUT(limits, { params: { path: { workspace } }, body })),
  setKeyLimits: (workspace: string, name: string, body: Limits): Promise<ApiKey> =>
    unwrap(http.PATCH("/api/v1/workspaces/{workspace}/keys/{name}", { params: { path: { workspace, name } }, body: { limits: body } })),
};
