import { queryOptions } from "@tanstack/react-query";
import { http, unwrap } from "./client";

/** Query keys and requests of endpoints. */
export const endpoints = {
  list: (workspace: string) =>
    queryOptions({
      queryKey: ["endpoints", workspace],
      queryFn: ({ signal }) => unwrap(http.GET("/api/v1/workspaces/{workspace}/endpoints", { params: { path: { workspace } }, signal })),
    }),
};
