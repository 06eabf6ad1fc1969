import { Grid, Paper, Stack, Title } from "@mantine/core";
import { useParams } from "@tanstack/react-router";
import { isActive } from "@/api/jobs";
import { readProblem } from "@/api/problem";
import type { Job } from "@/api/types";
import { type JobLogLine, useJob } from "@/api/useJob";
import { formatDuration, formatWords } from "@/lib/format";
import { useNow } from "@/lib/now";
import { useWorkspace } from "@/lib/workspace";
import { CodeBlock } from "@/ui/CodeBlock";
import { CopyButton } from "@/ui/CopyButton";
import { ErrorPanel } from "@/ui/ErrorPanel";
import { RelativeTime } from "@/ui/figures";
import { JobActions } from "@/ui/JobPanel";
import { JobProgress } from "@/ui/JobProgress";
import { KeyValue } from "@/ui/KeyValue";
import { Loaded } from "@/ui/Loaded";
import { Page, PageHeader } from "@/ui/Page";
import { StatusBadge } from "@/ui/StatusBadge";
import { JobLog } from "./components/JobLog";
import { TargetLink } from "./components/TargetLink";

const WORKS_ON = ["models", "endpoints", "flows", "runs", "overview"] as const;

function took(job: Job, now: number): string | null {
  if (!job.started_at) return null;
  return formatDuration(Math.max(0, (job.ended_at ? Date.parse(job.ended_at) : now) - Date.parse(job.started_at)));
}

function Detail({ job, log, workspace }: { job: Job; log: JobLogLine[]; workspace: string }) {
  const now = useNow(isActive(job));
  const failure = readProblem(job.error);
  const result = job.result ?? null;
  return (
    <>
      <PageHeader
        title={job.title}
        parent={{ label: "Jobs", target: { to: "/w/$workspace/jobs", params: { workspace } } }}
        badge={<StatusBadge status={job.status} />}
        meta={
          <>
            <span>{formatWords(job.kind)}</span>
            <TargetLink target={job.target} workspace={workspace} />
          </>
        }
      >
        <JobActions job={job} workspace={workspace} />
      </PageHeader>
      {failure && <ErrorPanel error={failure} />}
      <Grid gap="lg">
        <Grid.Col span={{ base: 12, md: 8 }}>
          <Stack gap="md">
            <Paper p="md">
              <Title order={2} mb={4}>
                Stages
              </Title>
              <JobProgress job={job} />
            </Paper>
            <div>
              <Title order={2} mb="sm">
                Log
              </Title>
              <JobLog lines={log} />
            </div>
            {result !== null && (
              <div>
                <Title order={2} mb="sm">
                  Result
                </Title>
                <CodeBlock code={JSON.stringify(result, null, 2)} label="Copy result" maxHeight={320} />
              </div>
            )}
          </Stack>
        </Grid.Col>
        <Grid.Col span={{ base: 12, md: 4 }}>
          <Paper p="md">
            <KeyValue
              entries={[
                ["Created", <RelativeTime value={job.created_at} />],
                ["By", job.created_by],
                ["Started", job.started_at ? <RelativeTime value={job.started_at} /> : null],
                ["Ended", job.ended_at ? <RelativeTime value={job.ended_at} /> : null],
                [isActive(job) ? "Running for" : "Took", took(job, now)],
                ["Attempt", job.attempt && job.attempt > 1 ? String(job.attempt) : null],
                [
                  "Id",
                  <span style={{ display: "inline-flex", alignItems: "center" }}>
                    <code style={{ fontSize: 12 }}>{job.id}</code>
                    <CopyButton value={job.id} label="Copy job id" size={13} />
                  </span>,
                ],
              ]}
            />
          </Paper>
        </Grid.Col>
      </Grid>
    </>
  );
}

/** A job: stages, log, result; cancel and resume. */
export function JobPage() {
  const workspace = useWorkspace();
  const { id } = useParams({ strict: false });
  const { query, log } = useJob(workspace, id, WORKS_ON);
  return (
    <Page>
      <Loaded query={query}>{(job) => <Detail job={job} log={log} workspace={workspace} />}</Loaded>
    </Page>
  );
}
