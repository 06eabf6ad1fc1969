import { queryOptions } from "@tanstack/react-query";
import { http, unwrap } from "./client";
import type { FiguresQuery } from "./types";

const all = "/api/v1/workspaces/{workspace}/telemetry";

/** A period, as the server reads it: RFC 3339, or how long ago. */
export interface Period {
  readonly since?: string;
  readonly until?: string;
}

/** Query keys and requests of figures over telemetry. */
export const telemetry = {
  figures: (workspace: string, query: FiguresQuery) =>
    queryOptions({
      queryKey: ["telemetry", workspace, "figures", query],
      queryFn: ({ signal }) => unwrap(http.GET(`${all}/figures`, { params: { path: { workspace }, query }, signal })),
      placeholderData: (before) => before,
    }),
  sessions: (workspace: string, period: Period) =>
    queryOptions({
      queryKey: ["telemetry", workspace, "sessions", period],
      queryFn: ({ signal }) => unwrap(http.GET(`${all}/sessions`, { params: { path: { workspace }, query: { ...period, limit: 500 } }, signal })),
      placeholderData: (before) => before,
    }),
  users: (workspace: string, period: Period) =>
    queryOptions({
      queryKey: ["telemetry", workspace, "users", period],
      queryFn: ({ signal }) => unwrap(http.GET(`${all}/users`, { params: { path: { workspace }, query: { ...period, limit: 500 } }, signal })),
      placeholderData: (before) => before,
    }),
};
