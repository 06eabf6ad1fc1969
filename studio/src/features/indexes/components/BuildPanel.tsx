import { Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { indexes } from "@/api/indexes";
import { isActive } from "@/api/jobs";
import type { Problem } from "@/api/problem";
import type { Job } from "@/api/types";
import { useRights } from "@/api/useRights";
import { useUrlState } from "@/lib/url";
import { JobPanel } from "@/ui/JobPanel";
import { builtBy } from "../logic/built";
import { stepOf } from "../logic/steps";
import { BuildGraph } from "./BuildGraph";
import classes from "./BuildGraph.module.css";
import { BuildSamples } from "./BuildSamples";

/** A build in progress gives more to see so often. */
const AGAIN_MS = 2000;

interface BuildPanelProps {
  readonly job: Job;
  readonly workspace: string;
  readonly streamProblem?: Problem | undefined;
}

/** A build: its steps as a graph, and of one of them what it gave. */
export function BuildPanel({ job, workspace, streamProblem }: BuildPanelProps) {
  const [asked, choose] = useUrlState("step");
  const { write } = useRights(workspace);
  const name = job.target.replace(/^index\//, "");
  const query = useQuery({ ...indexes.samples(workspace, name, job.id), enabled: write, refetchInterval: isActive(job) ? AGAIN_MS : false });
  const step = stepOf(job, asked, query.data);
  return (
    <JobPanel job={job} workspace={workspace} streamProblem={streamProblem}>
      <BuildGraph job={job} chosen={step} choose={choose} />
      <section className={classes.samples} aria-label="What the step gave">
        {query.data ? (
          <BuildSamples step={step} samples={query.data} built={builtBy(job.result)} />
        ) : (
          <Text size="sm" c="dimmed">
            {write ? (isActive(job) ? "Samples of each step show here as soon as there are some." : "There are no samples of this build.") : "Samples are shown to whoever may change indexes."}
          </Text>
        )}
      </section>
    </JobPanel>
  );
}
