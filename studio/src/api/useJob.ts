import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useCallback, useState } from "react";
import { isActive, jobs } from "./jobs";
import { type StreamEvent, useEventStream } from "./stream";
import type { Job, JobEvent } from "./types";

const LOG_LINES = 2000;

/** What a job's log says, with when it said it. */
export interface JobLogLine {
  sequence: string;
  at: string;
  message: string;
}

function read(event: StreamEvent): JobEvent | undefined {
  try {
    return JSON.parse(event.data) as JobEvent;
  } catch {
    return undefined;
  }
}

/** How often a job went on after it had ended: its stream ended with it, and has to be opened again. */
function useTurn(job: Job | undefined): number {
  const ended = job !== undefined && !isActive(job);
  const [before, setBefore] = useState(ended);
  const [turn, setTurn] = useState(0);
  if (ended !== before) {
    setBefore(ended);
    if (!ended) setTurn(turn + 1);
  }
  return turn;
}

/** A job, kept live by its event stream, with its log; survives a reload. When it ends, the noun it worked on is read again. */
export function useJob(workspace: string, id: string | null | undefined, worksOn: readonly string[] = []) {
  const client = useQueryClient();
  const query = useQuery({ ...jobs.get(workspace, id ?? ""), enabled: Boolean(id) });
  const [log, setLog] = useState<JobLogLine[]>([]);
  const onEvent = useCallback(
    (event: StreamEvent) => {
      const entry = read(event);
      if (!entry) return true;
      if (typeof entry.message === "string") {
        const line = { sequence: entry.sequence, at: entry.at, message: entry.message };
        setLog((lines) => (lines.some((known) => known.sequence === line.sequence) ? lines : [...lines.slice(-LOG_LINES), line]));
      }
      if (!entry.job) return true;
      const { job } = entry;
      client.setQueryData<Job>(jobs.get(workspace, job.id).queryKey, job);
      if (isActive(job)) return true;
      void client.invalidateQueries({ queryKey: jobs.list(workspace).queryKey });
      for (const noun of worksOn) void client.invalidateQueries({ queryKey: [noun, workspace] });
      return false;
    },
    [client, workspace, worksOn],
  );
  const problem = useEventStream(id ? jobs.eventsPath(workspace, id) : null, onEvent, useTurn(query.data));
  return { query, job: query.data, log, problem };
}
