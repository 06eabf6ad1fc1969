import { queryOptions } from "@tanstack/react-query";
import { http, unwrap } from "./client";

export const evaluators = {
  list: (workspace: string) =>
    queryOptions({
      queryKey: ["evaluators", workspace],
      queryFn: ({ signal }) => unwrap(http.GET("/api/v1/workspaces/{workspace}/evaluators", { params: { path: { workspace } }, signal })),
      staleTime: Infinity,
    }),
  /** Makes a flow of an evaluator, under its own name. */
  createFlow: (workspace: string, evaluator: string) =>
    unwrap(http.POST("/api/v1/workspaces/{workspace}/evaluators/{evaluator}/flows", { params: { path: { workspace, evaluator } }, body: {} })),
};
