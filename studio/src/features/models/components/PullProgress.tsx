import { useJob } from "@/api/useJob";
import { JobPanel } from "@/ui/JobPanel";

const WORKS_ON = ["models", "overview"] as const;

/** The pull's stages, live. */
export function PullProgress({ jobId, workspace }: { jobId: string; workspace: string }) {
  const { job, problem } = useJob(workspace, jobId, WORKS_ON);
  if (!job || job.status === "completed") return null;
  return <JobPanel job={job} workspace={workspace} streamProblem={problem} />;
}
