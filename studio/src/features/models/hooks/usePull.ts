import { useMutation, useQueryClient } from "@tanstack/react-query";
import { jobs } from "@/api/jobs";
import { models } from "@/api/models";

/** Starts pulling a model. The job shows up in the list of jobs and in the model's `pull_job`. */
export function usePull(workspace: string, name: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => models.pull(workspace, name),
    onSuccess: async (job) => {
      client.setQueryData(jobs.get(workspace, job.id).queryKey, job);
      await Promise.all([
        client.invalidateQueries({ queryKey: ["models", workspace] }),
        client.invalidateQueries({ queryKey: ["jobs", workspace] }),
        client.invalidateQueries({ queryKey: ["overview", workspace] }),
      ]);
    },
  });
}
