import { queryOptions } from "@tanstack/react-query";
import { http, unwrap } from "./client";

/** Which way lineage is asked: what it was made of, what was made of it, or both. */
export type LineageDirection = "up" | "down" | "both";

/** Query keys and requests of lineage. */
export const lineage = {
  /** What is around something; `of` is `azureml:<name>:<version>` or `<kind>/<name>[/<version>]`. Without `depth` to any depth. */
  graph: (workspace: string, of: string, direction: LineageDirection, depth: number | null, limit = 200) =>
    queryOptions({
      queryKey: ["lineage", workspace, of, direction, depth, limit],
      queryFn: ({ signal }) =>
        unwrap(http.GET("/api/v1/workspaces/{workspace}/lineage", { params: { path: { workspace }, query: { of, direction, limit, ...(depth === null ? {} : { depth }) } }, signal })),
    }),
};
