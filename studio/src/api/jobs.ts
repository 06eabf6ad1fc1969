import { queryOptions } from "@tanstack/react-query";
import { http, unwrap } from "./client";
import type { Job } from "./types";

/** Statuses of a job that goes on. */
export function isActive(job: Pick<Job, "status">): boolean {
  return job.status === "queued" || job.status === "running" || job.status === "canceling";
}

/** Query keys and requests of durable work. */
export const jobs = {
  list: (workspace: string) =>
    queryOptions({
      queryKey: ["jobs", workspace],
      queryFn: ({ signal }) => unwrap(http.GET("/api/v1/workspaces/{workspace}/jobs", { params: { path: { workspace } }, signal })),
      refetchInterval: (query) => (query.state.data?.items.some(isActive) ? 2000 : 15000),
    }),
  get: (workspace: string, id: string) =>
    queryOptions({
      queryKey: ["jobs", workspace, id],
      queryFn: ({ signal }) => unwrap(http.GET("/api/v1/workspaces/{workspace}/jobs/{job_id}", { params: { path: { workspace, job_id: id } }, signal })),
    }),
  cancel: (workspace: string, id: string): Promise<Job> =>
    unwrap(http.POST("/api/v1/workspaces/{workspace}/jobs/{job_id}/cancel", { params: { path: { workspace, job_id: id } } })),
  resume: (workspace: string, id: string): Promise<Job> =>
    unwrap(http.POST("/api/v1/workspaces/{workspace}/jobs/{job_id}/resume", { params: { path: { workspace, job_id: id } } })),
  eventsPath: (workspace: string, id: string) => `/api/v1/workspaces/${encodeURIComponent(workspace)}/jobs/${encodeURIComponent(id)}/events`,
};
