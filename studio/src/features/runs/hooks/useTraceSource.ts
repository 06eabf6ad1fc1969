import { useDebouncedValue } from "@mantine/hooks";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { data } from "@/api/data";
import type { DataAsset } from "@/api/types";
import { sinceOf } from "@/lib/timeRange";
import { useUrlState } from "@/lib/url";
import { useWorkspace } from "@/lib/workspace";
import { searchFor, type TraceChoice } from "../logic/traceSource";

export const SEEN_ROWS = 5;

/** Which traces become rows, kept in the address; what they would look like; and the making of a data asset of them. */
export function useTraceSource(onMade: (made: DataAsset) => void) {
  const workspace = useWorkspace();
  const client = useQueryClient();
  const [flow, setFlow] = useUrlState("traced");
  const [endpoint, setEndpoint] = useUrlState("endpoint");
  const [deployment, setDeployment] = useUrlState("deployment");
  const [range, setRange] = useUrlState("range");
  const [feedback, setFeedback] = useUrlState("feedback");
  const [q, setQ] = useUrlState("q");
  const [name, setName] = useState("from-traces");
  const [limit, setLimit] = useState(1000);
  // The time is that at which this was opened, so that what is seen is what is made, and is not asked for anew all the time.
  const [now] = useState(() => Date.now());
  const choice = useMemo<TraceChoice>(() => ({ flow, endpoint, deployment, range, feedback, q }), [flow, endpoint, deployment, range, feedback, q]);
  const asked = useMemo(() => ({ q: searchFor(choice), since: sinceOf(range, now), limit }), [choice, range, now, limit]);
  const [settled] = useDebouncedValue(asked, 300);
  const preview = useQuery({ ...data.tracesPreview(workspace, settled, SEEN_ROWS), placeholderData: (before) => before });
  const make = useMutation({
    mutationFn: () => data.fromTraces(workspace, { name, form: "columns", trace_ids: [], tags: {}, ...asked }),
    onSuccess: async (made) => {
      await client.invalidateQueries({ queryKey: ["data", workspace] });
      onMade(made);
    },
  });
  return { choice, set: { flow: setFlow, endpoint: setEndpoint, deployment: setDeployment, range: setRange, feedback: setFeedback, q: setQ }, name, setName, limit, setLimit, preview, make };
}

export type TraceSource = ReturnType<typeof useTraceSource>;
