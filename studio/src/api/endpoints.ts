import { queryOptions } from "@tanstack/react-query";
import { http, request, unwrap, workspaceHeaders } from "./client";
import type {
  DeploymentCreate,
  DeploymentScale,
  Endpoint,
  EndpointCreate,
  EndpointKey,
  EndpointKeyCreated,
  EndpointToken,
  EndpointUpdate,
  Job,
  MetricsQuery,
  Rollout,
  RolloutStart,
  Snapshot,
} from "./types";

const all = "/api/v1/workspaces/{workspace}/endpoints" as const;
const one = `${all}/{name}` as const;
const named = (workspace: string, name: string) => ({ params: { path: { workspace, name } } });

/** Something is under way at an endpoint, so that its state is worth asking for often. */
export function isChanging(endpoint: Pick<Endpoint, "deployments">): boolean {
  return endpoint.deployments.some(({ state }) => state === "deploying" || state === "deleting");
}

const ROLLOUT_POLL_MS = 1500;
const ROLLOUT_IDLE_MS = 10_000;

/** Whether a rollout goes on, or waits to. */
export function isUnderWay(rollout: Pick<Rollout, "state">): boolean {
  return rollout.state === "running" || rollout.state === "paused";
}

/** Query keys and requests of real-time endpoints. */
export const endpoints = {
  list: (workspace: string) =>
    queryOptions({
      queryKey: ["endpoints", workspace],
      queryFn: ({ signal }) => unwrap(http.GET(all, { params: { path: { workspace } }, signal })),
    }),
  get: (workspace: string, name: string) =>
    queryOptions({
      queryKey: ["endpoints", workspace, name],
      queryFn: ({ signal }) => unwrap(http.GET(one, { ...named(workspace, name), signal })),
      refetchInterval: (query) => (query.state.data && isChanging(query.state.data) ? 1000 : 10_000),
    }),
  logs: (workspace: string, name: string, deployment: string | null, tail: number) =>
    queryOptions({
      queryKey: ["endpoints", workspace, name, "logs", deployment, tail],
      queryFn: ({ signal }) =>
        unwrap(
          http.GET(`${one}/logs`, { params: { path: { workspace, name }, query: { tail, ...(deployment === null ? {} : { deployment }) } }, signal }),
        ),
    }),
  /** The endpoint's OpenAPI document, from the data plane. */
  swagger: (workspace: string, endpoint: Pick<Endpoint, "name" | "swagger_path" | "updated_at">) =>
    queryOptions({
      queryKey: ["endpoints", workspace, endpoint.name, "swagger", endpoint.updated_at],
      queryFn: async ({ signal }): Promise<unknown> => {
        const response = await request(endpoint.swagger_path, { signal, headers: workspaceHeaders(workspace) });
        return response.json();
      },
      staleTime: 60_000,
      retry: false,
    }),
  create: (workspace: string, body: EndpointCreate): Promise<Endpoint> =>
    unwrap(http.POST(all, { params: { path: { workspace } }, body })),
  update: (workspace: string, name: string, body: EndpointUpdate): Promise<Endpoint> => unwrap(http.PATCH(one, { ...named(workspace, name), body })),
  remove: (workspace: string, name: string) => unwrap(http.DELETE(one, named(workspace, name))),
  /** Uploads the zip archive of a scoring script: `code/`, `model/`, `requirements.txt`. */
  upload: async (workspace: string, archive: File): Promise<Snapshot> => {
    const path = `/api/v1/workspaces/${encodeURIComponent(workspace)}/snapshots`;
    const response = await request(path, { method: "POST", body: archive, headers: { "Content-Type": "application/zip" } });
    return (await response.json()) as Snapshot;
  },
  deploy: (workspace: string, name: string, body: DeploymentCreate): Promise<Job> =>
    unwrap(http.POST(`${one}/deployments`, { ...named(workspace, name), body })),
  revisions: (workspace: string, name: string, deployment: string) =>
    queryOptions({
      queryKey: ["endpoints", workspace, name, "revisions", deployment],
      queryFn: ({ signal }) =>
        unwrap(http.GET(`${one}/deployments/{deployment}/revisions`, { params: { path: { workspace, name, deployment } }, signal })),
    }),
  rollBack: (workspace: string, name: string, deployment: string, revision: number): Promise<Job> =>
    unwrap(http.POST(`${one}/deployments/{deployment}/rollback`, { params: { path: { workspace, name, deployment } }, body: { revision } })),
  removeDeployment: (workspace: string, name: string, deployment: string) =>
    unwrap(http.DELETE(`${one}/deployments/{deployment}`, { params: { path: { workspace, name, deployment } } })),
  setTraffic: (workspace: string, name: string, traffic: Record<string, number>): Promise<Endpoint> =>
    unwrap(http.PATCH(`${one}/traffic`, { ...named(workspace, name), body: { traffic } })),
  credentials: (workspace: string, name: string) =>
    queryOptions({
      queryKey: ["endpoints", workspace, name, "credentials"],
      queryFn: ({ signal }) => unwrap(http.GET(`${one}/credentials`, { ...named(workspace, name), signal })),
    }),
  regenerateKey: (workspace: string, name: string, key_type: EndpointKey["key_type"]): Promise<EndpointKeyCreated> =>
    unwrap(http.POST(`${one}/regenerate-key`, { ...named(workspace, name), body: { key_type } })),
  token: (workspace: string, name: string): Promise<EndpointToken> => unwrap(http.POST(`${one}/token`, named(workspace, name))),
  metrics: (workspace: string, name: string, query: MetricsQuery) =>
    queryOptions({
      queryKey: ["endpoints", workspace, name, "metrics", query],
      queryFn: ({ signal }) => unwrap(http.GET(`${one}/metrics`, { params: { path: { workspace, name }, query }, signal })),
      placeholderData: (before) => before,
    }),
  scalings: (workspace: string, name: string, deployment: string) =>
    queryOptions({
      queryKey: ["endpoints", workspace, name, "scalings", deployment],
      queryFn: ({ signal }) => unwrap(http.GET(`${one}/deployments/{deployment}/scalings`, { params: { path: { workspace, name, deployment } }, signal })),
    }),
  scale: (workspace: string, name: string, deployment: string, body: DeploymentScale): Promise<Endpoint> =>
    unwrap(http.PATCH(`${one}/deployments/{deployment}/scale`, { params: { path: { workspace, name, deployment } }, body })),
  rollouts: (workspace: string, name: string) =>
    queryOptions({
      queryKey: ["endpoints", workspace, name, "rollouts"],
      queryFn: ({ signal }) => unwrap(http.GET(`${one}/rollouts`, { ...named(workspace, name), signal })),
      refetchInterval: (query) => (query.state.data?.items.some(isUnderWay) ? ROLLOUT_POLL_MS : ROLLOUT_IDLE_MS),
    }),
  startRollout: (workspace: string, name: string, body: RolloutStart): Promise<Rollout> => unwrap(http.POST(`${one}/rollouts`, { ...named(workspace, name), body })),
  pauseRollout: (workspace: string, name: string): Promise<Rollout> => unwrap(http.POST(`${one}/rollouts/pause`, named(workspace, name))),
  resumeRollout: (workspace: string, name: string): Promise<Rollout> => unwrap(http.POST(`${one}/rollouts/resume`, named(workspace, name))),
  abortRollout: (workspace: string, name: string): Promise<Rollout> => unwrap(http.POST(`${one}/rollouts/abort`, named(workspace, name))),
};
