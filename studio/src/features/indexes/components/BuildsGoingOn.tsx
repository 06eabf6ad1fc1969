import { useQuery } from "@tanstack/react-query";
import { isActive, jobs } from "@/api/jobs";
import { useJob } from "@/api/useJob";
import { useWorkspace } from "@/lib/workspace";
import { BuildPanel } from "./BuildPanel";

const WORKS_ON = ["indexes", "lineage"] as const;

/** A build, live. */
function Followed({ jobId }: { readonly jobId: string }) {
  const workspace = useWorkspace();
  const { job, problem } = useJob(workspace, jobId, WORKS_ON);
  return job ? <BuildPanel job={job} workspace={workspace} streamProblem={problem} /> : null;
}

/** The builds that go on: of an index, or all. */
export function BuildsGoingOn({ index }: { readonly index?: string }) {
  const workspace = useWorkspace();
  const list = useQuery(jobs.list(workspace));
  const going = (list.data?.items ?? []).filter((job) => job.kind === "index_build" && isActive(job) && (index === undefined || job.target === `index/${index}`));
  return going.map((job) => <Followed key={job.id} jobId={job.id} />);
}
