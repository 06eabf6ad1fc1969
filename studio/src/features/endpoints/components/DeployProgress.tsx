import { Button, Group, Stack, Text } from "@mantine/core";
import { isActive } from "@/api/jobs";
import { readProblem } from "@/api/problem";
import { useJob } from "@/api/useJob";
import type { Job } from "@/api/types";
import { useWorkspace } from "@/lib/workspace";
import { ErrorPanel } from "@/ui/ErrorPanel";
import { JobProgress } from "@/ui/JobProgress";
import { ButtonLink, TextLink } from "@/ui/links";
import { StatusBadge } from "@/ui/StatusBadge";

const WORKS_ON = ["endpoints", "overview"] as const;

interface DeployProgressProps {
  readonly jobId: string;
  readonly endpoint: string;
  /** Offers to close it, or to begin another. */
  readonly onClose?: () => void;
  readonly onAgain?: () => void;
}

function words(endpoint: string, job: Job | undefined): string {
  if (job === undefined || isActive(job)) return "It goes on by itself when you leave.";
  return job.status === "completed" ? `${endpoint} answers.` : "It did not come up.";
}

/** Where to go from here. */
function Next({ endpoint, job, onClose, onAgain }: Omit<DeployProgressProps, "jobId"> & { readonly job: Job | undefined }) {
  const workspace = useWorkspace();
  const done = job?.status === "completed";
  return (
    <Group justify="flex-end" gap="sm">
      {onClose && (
        <Button variant="default" onClick={onClose}>
          Close
        </Button>
      )}
      {onAgain && job && !isActive(job) && (
        <Button variant="default" onClick={onAgain}>
          {done ? "Deploy another" : "Change it"}
        </Button>
      )}
      <ButtonLink to="/w/$workspace/endpoints/$name" params={{ workspace, name: endpoint }} search={(done ? { tab: "test" } : {}) as never}>
        {done ? "Test the endpoint" : "Open the endpoint"}
      </ButtonLink>
    </Group>
  );
}

/** The stages of a deployment, live, and where to go when it is done. The work goes on when this is closed. */
export function DeployProgress({ jobId, endpoint, onClose, onAgain }: DeployProgressProps) {
  const workspace = useWorkspace();
  const { job, problem } = useJob(workspace, jobId, WORKS_ON);
  const failure = problem ?? readProblem(job?.error);
  return (
    <Stack gap="md">
      <Group gap="sm" aria-live="polite">
        <StatusBadge status={job?.status ?? "queued"} />
        <Text size="sm" c="dimmed" className="fy-truncate" flex={1}>
          {words(endpoint, job)}
        </Text>
        <TextLink to="/w/$workspace/jobs/$id" params={{ workspace, id: jobId }} size="sm">
          Job
        </TextLink>
      </Group>
      {job && <JobProgress job={job} />}
      {failure && <ErrorPanel error={failure} />}
      <Next endpoint={endpoint} job={job} {...(onClose ? { onClose } : {})} {...(onAgain ? { onAgain } : {})} />
    </Stack>
  );
}
