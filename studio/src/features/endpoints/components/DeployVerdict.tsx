import { Group, Loader, Stack, Text } from "@mantine/core";
import type { DeploymentCheck } from "@/api/types";
import { useRights } from "@/api/useRights";
import { useWorkspace } from "@/lib/workspace";
import { ErrorPanel } from "@/ui/ErrorPanel";
import { StatusIcon } from "@/ui/StatusBadge";
import type { DeployChecks } from "../hooks/useDeployChecks";
import type { Source } from "../logic/deployPlan";
import { verdictOf, worstFirst } from "../logic/verdict";
import classes from "./DeployVerdict.module.css";

function Waiting({ says }: { readonly says: string }) {
  return (
    <Group gap={8} wrap="nowrap">
      <Loader size={16} role="img" aria-label="Running" />
      <Text size="sm">{says}</Text>
    </Group>
  );
}

function Check({ check }: { readonly check: DeploymentCheck }) {
  return (
    <li>
      <StatusIcon tone={check.outcome} size={16} />
      <div>
        <Text size="sm" {...(check.outcome === "good" && { c: "dimmed" })} style={{ overflowWrap: "anywhere" }}>
          {check.says}
        </Text>
        {check.outcome !== "good" && check.remedy && (
          <Text size="xs" c="dimmed">
            {check.remedy}
          </Text>
        )}
      </div>
    </li>
  );
}

/** Whether anything stands against the deployment, and what: the worst first. */
export function DeployVerdict({ source, found, anyway }: { readonly source: Source | null; readonly found: DeployChecks; readonly anyway: boolean }) {
  const { write } = useRights(useWorkspace());
  if (source === null || !write) return null;
  if (source.kind === "script") return <Text size="sm" c="dimmed">The archive is looked at when it is uploaded: nothing starts where it has no such script.</Text>;
  if (found.error) return <ErrorPanel error={found.error} />;
  if (found.pending) return <Waiting says={source.kind === "flow" ? "Its files, connections, models and evaluation are looked at." : "It is looked at whether the model is on this machine."} />;
  const { tone, says } = verdictOf(found.checks, anyway);
  return (
    <Stack gap={8} aria-busy={found.looking || found.test.isPending}>
      <Group gap={8} wrap="nowrap" role="status">
        <StatusIcon tone={tone} size={18} />
        <Text fw={600}>{says}</Text>
      </Group>
      {found.looking && <Waiting says="What was changed is looked at." />}
      {found.test.isPending && <Waiting says="A test runs." />}
      <ul className={classes.checks} role="list" aria-label="Checks">
        {worstFirst(found.checks).map((check) => (
          <Check key={check.says} check={check} />
        ))}
      </ul>
    </Stack>
  );
}
