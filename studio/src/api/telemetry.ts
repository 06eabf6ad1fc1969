import { queryOptions } from "@tanstack/react-query";
import { http, unwrap } from "./client";
import type { FiguresQuery, RedactionTrial, TelemetryPolicy, TelemetryPolicyWrite } from "./types";

const all = "/api/v1/workspaces/{workspace}/telemetry" as const;

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

const policy = `${all}/policy` as const;

/** Query keys and requests of a workspace's telemetry policy. */
export const telemetryPolicy = {
  get: (workspace: string) =>
    queryOptions({
      queryKey: ["telemetry", workspace, "policy"],
      queryFn: ({ signal }) => unwrap(http.GET(policy, { params: { path: { workspace } }, signal })),
    }),
  rules: (workspace: string) =>
    queryOptions({
      queryKey: ["telemetry", workspace, "policy", "rules"],
      queryFn: ({ signal }) => unwrap(http.GET(`${policy}/rules`, { params: { path: { workspace } }, signal })),
      staleTime: Infinity,
    }),
  preview: (workspace: string, trial: RedactionTrial) =>
    queryOptions({
      queryKey: ["telemetry", workspace, "policy", "preview", trial],
      queryFn: ({ signal }) => unwrap(http.POST(`${policy}/preview`, { params: { path: { workspace } }, body: trial, signal })),
      placeholderData: (before) => before,
      staleTime: Infinity,
    }),
  set: (workspace: string, body: TelemetryPolicyWrite): Promise<TelemetryPolicy> => unwrap(http.PUT(policy, { params: { path: { workspace } }, body })),
};
