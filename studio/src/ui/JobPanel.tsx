import { Button, Group, Paper, Text } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { IconPlayerPlay, IconPlayerStop } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { isActive, jobs } from "@/api/jobs";
import { readProblem, type Problem } from "@/api/problem";
import type { Job } from "@/api/types";
import { useRights } from "@/api/useRights";
import { ErrorPanel } from "./ErrorPanel";
import { JobProgress } from "./JobProgress";
import { TextLink } from "./links";
import { StatusBadge } from "./StatusBadge";

/** Cancel while it runs, resume once it failed or was canceled. */
export function JobActions({ job, workspace }: { job: Job; workspace: string }) {
  const client = useQueryClient();
  const change = useMutation({
    mutationFn: (verb: "cancel" | "resume") => jobs[verb](workspace, job.id),
    onSuccess: async (after) => {
      client.setQueryData(jobs.get(workspace, job.id).queryKey, after);
      await client.invalidateQueries({ queryKey: jobs.list(workspace).queryKey });
    },
  });
  const { write } = useRights(workspace);
  const resumable = job.status === "failed" || job.status === "canceled";
  if (!write) return null;
  return (
    <Group gap="sm">
      {change.error && (
        <Text size="sm" c="var(--fy-bad)">
          {change.error.message}
        </Text>
      )}
      {isActive(job) && (
        <Button
          size="compact-sm"
          variant="default"
          leftSection={<IconPlayerStop size={14} />}
          loading={change.isPending || job.status === "canceling"}
          onClick={() => {
            change.mutate("cancel");
          }}
        >
          Cancel
        </Button>
      )}
      {resumable && (
        <Button
          size="compact-sm"
          variant="default"
          leftSection={<IconPlayerPlay size={14} />}
          loading={change.isPending}
          onClick={() => {
            change.mutate("resume");
          }}
        >
          Resume
        </Button>
      )}
    </Group>
  );
}

interface JobPanelProps {
  job: Job;
  workspace: string;
  /** Why its events cannot be followed, if so. */
  streamProblem?: Problem | undefined;
  /** What shows its stages; without it a list of them. */
  children?: ReactNode;
}

/** A job beside what it works on: stages, what went wrong, cancel and resume. */
export function JobPanel({ job, workspace, streamProblem, children }: JobPanelProps) {
  const failure = readProblem(job.error);
  return (
    <Paper p="md">
      <Group justify="space-between" mb={4} wrap="nowrap">
        <Group gap="sm" wrap="nowrap" miw={0}>
          <StatusBadge status={job.status} />
          <TextLink to="/w/$workspace/jobs/$id" params={{ workspace, id: job.id }} fw={500} className="fy-truncate">
            {job.title}
          </TextLink>
        </Group>
        <JobActions job={job} workspace={workspace} />
      </Group>
      {children ?? <JobProgress job={job} />}
      {failure && <ErrorPanel error={failure} />}
      {streamProblem && isActive(job) && <ErrorPanel error={streamProblem} />}
    </Paper>
  );
}
