import { queryOptions } from "@tanstack/react-query";
import { http, unwrap } from "./client";

interface Of {
  readonly index?: string;
  readonly endpoint?: string;
}

/** Which deployments ask which version of an index: of one index, or of one endpoint. */
export function indexUses(workspace: string, of: Of) {
  return queryOptions({
    queryKey: ["endpoints", workspace, "index-uses", of],
    queryFn: ({ signal }) => unwrap(http.GET("/api/v1/workspaces/{workspace}/index-uses", { params: { path: { workspace }, query: of }, signal })),
  });
}
