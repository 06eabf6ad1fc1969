import { queryOptions } from "@tanstack/react-query";
import { http, unwrap } from "./client";
import type { DeploymentCheckCreate } from "./types";

/** Query keys and requests of the checks before a deploy. */
export const deploymentChecks = {
  /** What is found without running anything. */
  look: (workspace: string, asked: DeploymentCheckCreate["deployment"]) =>
    queryOptions({
      queryKey: ["deployment-checks", workspace, asked],
      queryFn: ({ signal }) =>
        unwrap(http.POST("/api/v1/workspaces/{workspace}/deployment-checks", { params: { path: { workspace } }, body: { deployment: asked, test: false }, signal })),
      gcTime: 0,
      retry: false,
    }),
  /** The same with a test run. */
  test: (workspace: string, asked: DeploymentCheckCreate) =>
    unwrap(http.POST("/api/v1/workspaces/{workspace}/deployment-checks", { params: { path: { workspace } }, body: asked })),
};
