import { Button, Group, Stack, Text } from "@mantine/core";
import { useNavigate } from "@tanstack/react-router";
import { isActive } from "@/api/jobs";
import { readProblem } from "@/api/problem";
import { useJob } from "@/api/useJob";
import { useWorkspace } from "@/lib/workspace";
import { ErrorPanel } from "../ErrorPanel";
import { JobProgress } from "../JobProgress";
import { TextLink } from "../links";
import { StatusBadge } from "../StatusBadge";

const WORKS_ON = ["endpoints", "overview"] as const;

interface DeployProgressProps {
  readonly jobId: string;
  readonly endpoint: string;
  readonly onClose: () => void;
}

/** The stages of a deployment, live, and where to go when it is done. The work goes on when this is closed. */
export function DeployProgress({ jobId, endpoint, onClose }: DeployProgressProps) {
  const workspace = useWorkspace();
  const navigate = useNavigate();
  const { job, problem } = useJob(workspace, jobId, WORKS_ON);
  const failure = problem ?? readProblem(job?.error);
  const done = job?.status === "completed";
  return (
    <Stack gap="md">
      <Group gap="sm" aria-live="polite">
        <StatusBadge status={job?.status ?? "queued"} />
        <Text size="sm" c="dimmed" className="fy-truncate" flex={1}>
          {done ? `${endpoint} answers.` : job && !isActive(job) ? "It did not come up." : "You may close this; it goes on by itself."}
        </Text>
        <TextLink to="/w/$workspace/jobs/$id" params={{ workspace, id: jobId }} size="sm">
          Job
        </TextLink>
      </Group>
      {job && <JobProgress job={job} />}
      {failure && <ErrorPanel error={failure} />}
      <Group justify="flex-end" gap="sm">
        <Button variant="default" onClick={onClose}>
          Close
        </Button>
        <Button
          onClick={() => {
            onClose();
            void navigate({
              to: "/w/$workspace/endpoints/$name",
              params: { workspace, name: endpoint },
              search: (done ? { tab: "test" } : {}) as never,
            });
          }}
        >
          {done ? "Test the endpoint" : "Open the endpoint"}
        </Button>
      </Group>
    </Stack>
  );
}
