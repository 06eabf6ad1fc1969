import { queryOptions } from "@tanstack/react-query";
import { http, unwrap } from "./client";

/** The home screen's figures. */
export const overview = {
  get: (workspace: string) =>
    queryOptions({
      queryKey: ["overview", workspace],
      queryFn: ({ signal }) => unwrap(http.GET("/api/v1/workspaces/{workspace}/overview", { params: { path: { workspace } }, signal })),
      refetchInterval: 5000,
    }),
};
