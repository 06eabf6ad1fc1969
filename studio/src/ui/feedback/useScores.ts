import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { session } from "@/api/identity";
import { scores } from "@/api/scores";
import type { ScoreWrite } from "@/api/types";
import { useWorkspace } from "@/lib/workspace";

/** The name of the score that thumbs and comments of people are. */
export const FEEDBACK = "feedback";
/** Until a score shows, it is asked for again this often; it takes less than a second. */
const SHOWS_MS = 700;

/** The scores of a trace, with those of one of its spans where that is given; yours among them, and how to give and take back. */
export function useScores(traceId: string, spanId: string | null) {
  const workspace = useWorkspace();
  const client = useQueryClient();
  const list = useQuery(scores.of(workspace, traceId));
  const me = useQuery(session.me());
  const again = () => {
    window.setTimeout(() => void client.invalidateQueries({ queryKey: ["scores", workspace, traceId] }), SHOWS_MS);
  };
  const give = useMutation({ mutationFn: (body: Omit<ScoreWrite, "trace_id">) => scores.give(workspace, { trace_id: traceId, ...body }), onSuccess: again });
  const remove = useMutation({ mutationFn: (id: string) => scores.withdraw(workspace, id), onSuccess: again });
  const all = (list.data?.items ?? []).filter((score) => score.span_id === null || score.span_id === spanId);
  const listed = all.find((score) => score.name === FEEDBACK && score.author === me.data?.name && score.span_id === spanId);
  // What was just given counts at once: a comment that comes right after a thumb keeps it.
  const given = give.data;
  const isNewer = given?.trace_id === traceId && given.span_id === spanId && given.at >= (listed?.at ?? "") && remove.variables !== given.score_id;
  const mine = isNewer ? given : listed;
  const send = (value: number | null, comment: string | null) => {
    give.mutate({ name: FEEDBACK, span_id: spanId, value, comment });
  };
  return { list, all, mine, give, remove, send };
}
