import { List, Loader, SegmentedControl, Stack, Text } from "@mantine/core";
import { IconCloudUp } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useRights, whyReadOnly } from "@/api/useRights";
import { useUrlState } from "@/lib/url";
import { useWorkspace } from "@/lib/workspace";
import { CodeBlock } from "@/ui/CodeBlock";
import { ErrorPanel } from "@/ui/ErrorPanel";
import { GuardedButton } from "@/ui/GuardedButton";
import { StatusIcon } from "@/ui/StatusBadge";
import type { DeployDraft } from "../hooks/useDeployDraft";
import { useStartChecks } from "../hooks/useStartChecks";
import { applyCommands, commandOf, type DeployPlan, fileOf } from "../logic/deployPlan";
import { scaleWords } from "../logic/scale";
import { canaryOf, canaryText } from "../logic/steps";
import { DeployProgress } from "./DeployProgress";

type Checks = ReturnType<typeof useStartChecks>;

/** Whether it will start, as far as that is known before it is tried. */
export function ReviewStep({ draft, found }: { readonly draft: DeployDraft; readonly found: Checks }) {
  if (draft.what.source === null) return <Text size="sm" c="dimmed">Choose what to deploy: it is looked at here before anything is started.</Text>;
  if (found.pending) return <Loader size="sm" aria-label="Looking at it" />;
  if (found.error) return <ErrorPanel error={found.error} />;
  if (found.checks.length === 0) return <Text size="sm">The archive is looked at when it is uploaded: nothing starts where it has no such script.</Text>;
  return (
    <List spacing={8} listStyleType="none" aria-label="Will it start?">
      {found.checks.map((check) => (
        <List.Item key={check.says} icon={<StatusIcon tone={check.outcome} size={16} />}>
          <Text size="sm">{check.says}</Text>
          {check.remedy !== undefined && (
            <Text size="sm" c="dimmed">
              {check.remedy}
            </Text>
          )}
        </List.Item>
      ))}
    </List>
  );
}

function SameAs({ plan }: { readonly plan: DeployPlan }) {
  const [form, setForm] = useState("command");
  const command = commandOf(plan);
  return (
    <>
      <SegmentedControl
        aria-label="The same as"
        size="xs"
        data={[
          { value: "command", label: "Command" },
          { value: "file", label: "deployment.yml" },
        ]}
        value={form}
        onChange={setForm}
      />
      {form === "command" && command !== null && <CodeBlock code={command} label="Copy command" wrap />}
      {form === "command" && command === null && (
        <Text size="xs" c="dimmed">
          Bounds and scoring scripts are told in a file: see deployment.yml.
        </Text>
      )}
      {form === "file" && (
        <>
          <CodeBlock code={fileOf(plan)} label="Copy deployment.yml" wrap />
          <CodeBlock code={applyCommands(plan)} label="Copy commands" wrap />
        </>
      )}
    </>
  );
}

function happens(draft: DeployDraft): string {
  const { plan, place, steps } = draft;
  if (!steps.what || plan === null) return "Choose what to deploy.";
  if (!steps.where) return "The endpoint or the deployment needs another name.";
  if (!steps.how) return "Something about the replicas has to be mended.";
  if (!steps.traffic) return "Something about the traffic has to be mended.";
  const what = plan.source.kind === "script" ? plan.source.script : plan.source.name;
  const where = place.isNew ? `the new endpoint ${plan.endpoint}` : `the endpoint ${plan.endpoint}`;
  return `${what} is served by ${scaleWords(plan.instances.scale)} as ${plan.deployment} of ${where}. A copy of it is kept, so that it can be brought back.`;
}

interface SideProps {
  readonly draft: DeployDraft;
  readonly found: Checks;
}

/** What will happen, the button that makes it happen, and then how it goes. */
export function DeploySide({ draft, found }: SideProps) {
  const workspace = useWorkspace();
  const client = useQueryClient();
  const rights = useRights(workspace);
  const [job, followJob] = useUrlState("job");
  const [at, setAt] = useUrlState("at");
  const [then, setThen] = useUrlState("then");
  const start = useMutation({
    mutationFn: draft.deploy,
    onSuccess: (started) => {
      followJob(started.job.id);
      setAt(started.endpoint);
      setThen(started.canary && canaryText(started.canary));
    },
    onSettled: () => client.invalidateQueries({ queryKey: ["endpoints", workspace] }),
  });
  const bad = found.checks.find((check) => check.outcome === "bad");
  const readOnly = whyReadOnly(rights);
  const off = readOnly ?? (draft.ready ? (bad ? `${bad.says} ${bad.remedy ?? ""}` : null) : happens(draft));
  if (job !== "") return <DeployProgress jobId={job} endpoint={at} canary={canaryOf(then)} onCanary={() => { setThen(null); }} onAgain={() => { followJob(null); setThen(null); }} />;
  return (
    <Stack gap={12}>
      <Text size="sm">{readOnly ?? happens(draft)}</Text>
      {bad && (
        <Text size="sm" c="var(--fy-bad)">
          It will not start: {bad.says} {bad.remedy}
        </Text>
      )}
      <GuardedButton
        leftSection={<IconCloudUp size={16} />}
        off={off}
        loading={start.isPending}
        onClick={() => {
          start.mutate();
        }}
      >
        Deploy
      </GuardedButton>
      {start.error && <ErrorPanel error={start.error} />}
      {draft.plan && <SameAs plan={draft.plan} />}
    </Stack>
  );
}
