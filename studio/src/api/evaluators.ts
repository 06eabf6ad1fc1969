import { queryOptions } from "@tanstack/react-query";
import { http, unwrap } from "./client";

export const evaluators = {
  list: (workspace: string) =>
    queryOptions({
      queryKey: ["evaluators", workspace],
      queryFn: ({ signal }) => unwrap(http.GET("/api/v1/workspaces/{workspace}/evaluators", { params: { path: { workspace } }, signal })),
      staleTime: Infinity,
    }),
};
