import { queryOptions } from "@tanstack/react-query";
import { http, unwrap } from "./client";
import type { Score, ScoreWrite } from "./types";

const all = "/api/v1/workspaces/{workspace}/scores";

/** Query keys and requests of scores. */
export const scores = {
  of: (workspace: string, traceId: string) =>
    queryOptions({
      queryKey: ["scores", workspace, traceId],
      queryFn: ({ signal }) => unwrap(http.GET(all, { params: { path: { workspace }, query: { trace_id: traceId } }, signal })),
    }),
  give: (workspace: string, body: ScoreWrite): Promise<Score> => unwrap(http.POST(all, { params: { path: { workspace } }, body })),
  withdraw: (workspace: string, scoreId: string) => unwrap(http.DELETE(`${all}/{score_id}`, { params: { path: { workspace, score_id: scoreId } } })),
};
