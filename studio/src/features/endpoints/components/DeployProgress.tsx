import { Button, Group, Stack, Text } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { endpoints } from "@/api/endpoints";
import { isActive } from "@/api/jobs";
import { readProblem } from "@/api/problem";
import { useJob } from "@/api/useJob";
import type { Job } from "@/api/types";
import { useWorkspace } from "@/lib/workspace";
import { ErrorPanel } from "@/ui/ErrorPanel";
import { JobProgress } from "@/ui/JobProgress";
import { ButtonLink, TextLink } from "@/ui/links";
import { StatusBadge } from "@/ui/StatusBadge";
import type { Canary } from "../logic/steps";

const WORKS_ON = ["endpoints", "overview"] as const;

interface DeployProgressProps {
  readonly jobId: string;
  readonly endpoint: string;
  /** What the traffic does once it is up; null: it stays where it is. */
  readonly canary?: Canary | null;
  /** The canary has begun. */
  readonly onCanary?: () => void;
  /** Offers to close it, or to begin another. */
  readonly onClose?: () => void;
  readonly onAgain?: () => void;
}

function words(endpoint: string, job: Job | undefined, canary: Canary | null | undefined): string {
  if (job === undefined || isActive(job)) return canary ? "Stay: then the canary begins." : "It goes on by itself when you leave.";
  return job.status === "completed" ? `${endpoint} answers.` : "It did not come up.";
}

/** Begins the canary, once, when its deployment is up. */
function useBeginCanary(endpoint: string, job: Job | undefined, { canary, onCanary }: Pick<DeployProgressProps, "canary" | "onCanary">) {
  const workspace = useWorkspace();
  const client = useQueryClient();
  const asked = useRef(false);
  const { mutate, error, isSuccess } = useMutation({
    mutationFn: ({ to, steps, everyS }: Canary) => endpoints.startRollout(workspace, endpoint, { to, steps: [...steps], every_s: everyS, max_error_rate: 0.02, sample: 20 }),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: ["endpoints", workspace] });
      onCanary?.();
    },
  });
  const due = job?.status === "completed" && canary ? canary : null;
  useEffect(() => {
    if (due === null || asked.current) return;
    asked.current = true;
    mutate(due);
  }, [due, mutate]);
  return { error, begun: isSuccess };
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
export function DeployProgress({ jobId, endpoint, canary, onCanary, onClose, onAgain }: DeployProgressProps) {
  const workspace = useWorkspace();
  const { job, problem } = useJob(workspace, jobId, WORKS_ON);
  const move = useBeginCanary(endpoint, job, { canary: canary ?? null, ...(onCanary ? { onCanary } : {}) });
  const failure = problem ?? readProblem(job?.error);
  return (
    <Stack gap="md">
      <Group gap="sm" aria-live="polite">
        <StatusBadge status={job?.status ?? "queued"} />
        <Text size="sm" c="dimmed" className="fy-truncate" flex={1}>
          {words(endpoint, job, canary)}
        </Text>
        <TextLink to="/w/$workspace/jobs/$id" params={{ workspace, id: jobId }} size="sm">
          Job
        </TextLink>
      </Group>
      {job && <JobProgress job={job} />}
      {failure && <ErrorPanel error={failure} />}
      {move.error && <ErrorPanel error={move.error} />}
      {move.begun && <Text size="sm">Its traffic moves in steps now: the endpoint’s page shows each.</Text>}
      <Next endpoint={endpoint} job={job} {...(onClose ? { onClose } : {})} {...(onAgain ? { onAgain } : {})} />
    </Stack>
  );
}
