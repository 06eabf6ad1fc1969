import { queryOptions } from "@tanstack/react-query";
import { http, unwrap } from "./client";

/** Query keys and requests of flows. */
export const flows = {
  list: (workspace: string) =>
    queryOptions({
      queryKey: ["flows", workspace],
      queryFn: ({ signal }) => unwrap(http.GET("/api/v1/workspaces/{workspace}/flows", { params: { path: { workspace } }, signal })),
    }),
};
