import { Button, Group, Paper, Stack, Text, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { linkOptions } from "@tanstack/react-router";
import { isActive, jobs } from "@/api/jobs";
import type { Job } from "@/api/types";
import { useJob } from "@/api/useJob";
import { useUrlState } from "@/lib/url";
import { useWorkspace } from "@/lib/workspace";
import { ButtonLink } from "@/ui/links";
import { JobPanel } from "@/ui/JobPanel";
import { generatedBy, generationsOf, tellGenerated, tellKept, tellRefused } from "../logic/questionSets";

const WORKS_ON = ["data", "lineage"] as const;

/** What a generation made, what it did not take, and where it is to be looked over. */
function Made({ job, index, onClose }: { readonly job: Job; readonly index: string; readonly onClose: () => void }) {
  const workspace = useWorkspace();
  const found = generatedBy(job.result);
  if (found === null) return null;
  const name = found.data?.split(":")[1];
  const refused = found.refused ?? [];
  return (
    <Paper p="md" component="section" aria-label="What was made">
      <Stack gap="sm">
        <Group justify="space-between">
          <Title order={2} size="h4">
            {job.title}
          </Title>
          <Group gap="sm">
            {name !== undefined && (
              <ButtonLink size="compact-sm" {...linkOptions({ to: "/w/$workspace/indexes/$name", params: { workspace, name: index }, search: { tab: "questions", set: name } as never })}>
                Look it over
              </ButtonLink>
            )}
            <Button size="compact-sm" variant="default" onClick={onClose}>
              Close
            </Button>
          </Group>
        </Group>
        <Text size="sm" role="status">
          {tellGenerated(found)}
        </Text>
        {refused.length > 0 && (
          <details>
            <summary>
              <Text span size="sm">
                Some that were not taken
              </Text>
            </summary>
            <ul style={{ margin: "6px 0 0", paddingLeft: 18, fontSize: 13 }}>
              {refused.map((each, place) => (
                <li key={place}>
                  {each.question} <span style={{ color: "var(--mantine-color-dimmed)" }}>{tellRefused(each)}</span>
                </li>
              ))}
            </ul>
          </details>
        )}
      </Stack>
    </Paper>
  );
}

function Followed({ id, index, onClose }: { readonly id: string; readonly index: string; readonly onClose: () => void }) {
  const workspace = useWorkspace();
  const { job, problem } = useJob(workspace, id, WORKS_ON);
  if (job === undefined) return null;
  if (job.status === "completed") return <Made job={job} index={index} onClose={onClose} />;
  const kept = tellKept(job);
  return (
    <Stack gap="xs">
      <JobPanel job={job} workspace={workspace} streamProblem={problem} />
      {kept !== null && (
        <Text size="sm" role="status">
          {kept}
        </Text>
      )}
    </Stack>
  );
}

/** Generations that go on, the newest if it did not get to its end, and the one that was started from here with what it made. */
export function Generations({ index }: { readonly index: string }) {
  const workspace = useWorkspace();
  const [started, setStarted] = useUrlState("generation");
  const list = useQuery(jobs.list(workspace));
  const all = generationsOf(list.data?.items ?? [], index);
  const broken = all[0]?.status === "failed" || all[0]?.status === "canceled" ? [all[0]] : [];
  const shown = new Set([...all.filter(isActive), ...broken].map(({ id }) => id));
  if (started !== "") shown.add(started);
  return [...shown].map((id) => <Followed key={id} id={id} index={index} onClose={() => setStarted(null)} />);
}
