import { useMutation, useQueryClient } from "@tanstack/react-query";
import { isActive, jobs } from "@/api/jobs";
import type { Job } from "@/api/types";
import { useJob } from "@/api/useJob";

const WORKS_ON = ["data", "lineage"] as const;

/** Something that is started from a dialog and goes on as a job, followed live. */
export function useStartedJob(workspace: string, begin: () => Promise<Job>) {
  const client = useQueryClient();
  const start = useMutation({
    mutationFn: begin,
    onSuccess: async (started) => {
      client.setQueryData(jobs.get(workspace, started.id).queryKey, started);
      await client.invalidateQueries({ queryKey: jobs.list(workspace).queryKey });
    },
  });
  const { job, problem } = useJob(workspace, start.data?.id ?? null, WORKS_ON);
  return { start, job, problem, going: job !== undefined && isActive(job) };
}
