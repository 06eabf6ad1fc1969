import { Checkbox, SegmentedControl, Stack, Text } from "@mantine/core";
import { IconCloudUp } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useRights, whyReadOnly } from "@/api/useRights";
import { useUrlState } from "@/lib/url";
import { useWorkspace } from "@/lib/workspace";
import { CodeBlock } from "@/ui/CodeBlock";
import { ErrorPanel } from "@/ui/ErrorPanel";
import { GuardedButton } from "@/ui/GuardedButton";
import type { DeployDraft } from "../hooks/useDeployDraft";
import type { DeployChecks } from "../hooks/useDeployChecks";
import { applyCommands, commandOf, type DeployPlan, fileOf } from "../logic/deployPlan";
import { scaleWords } from "../logic/scale";
import { canaryOf, canaryText } from "../logic/steps";
import { DeployProgress } from "./DeployProgress";
import { DeployVerdict } from "./DeployVerdict";

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
          Bounds, a chosen evaluation and scoring scripts are told in a file: see deployment.yml.
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

/** What may be deployed although these checks are bad; anything else would not start. */
const DEPLOYED_ANYWAY: ReadonlySet<string> = new Set(["test", "evaluation"]);

interface SideProps {
  readonly draft: DeployDraft;
  readonly found: DeployChecks;
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
    mutationFn: () => draft.deploy(found.digest),
    onSuccess: (started) => {
      followJob(started.job.id);
      setAt(started.endpoint);
      setThen(started.canary && canaryText(started.canary));
    },
    onSettled: () => client.invalidateQueries({ queryKey: ["endpoints", workspace] }),
  });
  const bad = found.checks.filter(({ outcome }) => outcome === "bad");
  const mayGoOn = bad.length > 0 && bad.every(({ name }) => DEPLOYED_ANYWAY.has(name));
  const [against] = mayGoOn && draft.anyway ? [] : bad;
  const readOnly = whyReadOnly(rights);
  const off = readOnly ?? (draft.ready ? (found.looking ? "It is being looked at." : against ? `${against.says} ${against.remedy ?? ""}` : null) : happens(draft));
  if (job !== "") return <DeployProgress jobId={job} endpoint={at} canary={canaryOf(then)} onCanary={() => { setThen(null); }} onAgain={() => { followJob(null); setThen(null); }} />;
  return (
    <Stack gap={12}>
      <Text size="sm">{readOnly ?? happens(draft)}</Text>
      <DeployVerdict source={draft.what.source} found={found} anyway={mayGoOn && draft.anyway} />
      {mayGoOn && readOnly === null && (
        <Checkbox
          label="Deploy it anyway"
          description="The audit trail says so."
          checked={draft.anyway}
          onChange={(event) => {
            draft.setAnyway(event.currentTarget.checked);
          }}
        />
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
