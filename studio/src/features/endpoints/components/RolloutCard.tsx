import { Group, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconPlayerPause, IconPlayerPlay, IconPlayerStop, IconStairsUp } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { endpoints, isUnderWay } from "@/api/endpoints";
import type { Endpoint, Rollout, RolloutStep } from "@/api/types";
import { useRights, whyReadOnly } from "@/api/useRights";
import { formatDuration, formatNumber, UNKNOWN } from "@/lib/format";
import { useWorkspace } from "@/lib/workspace";
import { ConfirmDelete } from "@/ui/ConfirmDelete";
import { ErrorPanel } from "@/ui/ErrorPanel";
import { RelativeTime } from "@/ui/figures";
import { GuardedButton } from "@/ui/GuardedButton";
import { StatusBadge, StatusIcon, type Tone } from "@/ui/StatusBadge";
import classes from "./DetailsTab.module.css";
import { RolloutDialog } from "./RolloutDialog";

const STATES: Readonly<Record<Rollout["state"], { readonly label: string; readonly tone: Tone }>> = {
  running: { label: "Running", tone: "busy" },
  paused: { label: "Paused", tone: "waiting" },
  completed: { label: "Completed", tone: "good" },
  rolled_back: { label: "Rolled back", tone: "bad" },
  aborted: { label: "Aborted", tone: "off" },
  stopped: { label: "Stopped", tone: "warn" },
};
const STEPS: Readonly<Record<RolloutStep["state"], Tone>> = { pending: "waiting", running: "busy", passed: "good", breached: "bad", left: "off" };
const VERDICTS: Readonly<Record<"pass" | "wait" | "breach", Tone>> = { pass: "good", wait: "waiting", breach: "bad" };

function time(ms: number | null | undefined): string {
  return typeof ms === "number" ? formatDuration(ms) : UNKNOWN;
}

function scored(step: RolloutStep): string {
  return typeof step.score === "number" ? `; score ${formatNumber(step.score, 2)} of ${formatNumber(step.scored ?? 0)} answers` : "";
}

function StepRow({ step, isOver }: { readonly step: RolloutStep; readonly isOver: boolean }) {
  const begun = step.state !== "pending";
  return (
    <li className={classes.step}>
      <Group gap={8} wrap="nowrap">
        <StatusIcon tone={isOver && !begun ? "off" : STEPS[step.state]} />
        <Text size="sm" fw={500} className="fy-num" w={48}>
          {step.share} %
        </Text>
        <Text size="xs" c="dimmed" className="fy-num">
          {begun
            ? `${formatNumber(step.requests ?? 0)} requests, ${formatNumber(step.errors ?? 0)} errors, P95 ${time(step.p95_ms)}; the others ${formatNumber(step.live_requests ?? 0)}, P95 ${time(step.live_p95_ms)}${scored(step)}`
            : isOver
              ? "not reached"
              : "pending"}
        </Text>
      </Group>
      {(step.state === "running" || step.state === "breached") &&
        step.checks?.map((check) => (
          <Group key={check.rule} gap={6} wrap="nowrap" align="flex-start" pl={22}>
            <StatusIcon tone={VERDICTS[check.verdict]} size={12} />
            <Text size="xs">{check.text}</Text>
          </Group>
        ))}
    </li>
  );
}

function Controls({ endpoint, rollout }: { readonly endpoint: Endpoint; readonly rollout: Rollout }) {
  const workspace = useWorkspace();
  const client = useQueryClient();
  const off = whyReadOnly(useRights(workspace));
  const [aborting, abort] = useDisclosure(false);
  const refresh = () => client.invalidateQueries({ queryKey: ["endpoints", workspace, endpoint.name] });
  const paused = rollout.state === "paused";
  const turn = useMutation({
    mutationFn: () => (paused ? endpoints.resumeRollout(workspace, endpoint.name) : endpoints.pauseRollout(workspace, endpoint.name)),
    onSettled: refresh,
  });
  return (
    <>
      {turn.error && <ErrorPanel error={turn.error} />}
      <Group gap="sm" justify="flex-end">
        <GuardedButton
          size="compact-md"
          variant="default"
          leftSection={paused ? <IconPlayerPlay size={15} /> : <IconPlayerPause size={15} />}
          off={off}
          loading={turn.isPending}
          onClick={() => {
            turn.mutate();
          }}
        >
          {paused ? "Resume" : "Pause"}
        </GuardedButton>
        <GuardedButton size="compact-md" variant="default" leftSection={<IconPlayerStop size={15} />} off={off} onClick={abort.open}>
          Abort
        </GuardedButton>
      </Group>
      <ConfirmDelete
        opened={aborting}
        onClose={abort.close}
        what={`the rollout to ${rollout.spec.to}`}
        action="Abort"
        consequence="Traffic becomes what it was before it began. The deployment stays."
        onConfirm={async () => {
          await endpoints.abortRollout(workspace, endpoint.name);
          await refresh();
        }}
      />
    </>
  );
}

function Progress({ endpoint, rollout }: { readonly endpoint: Endpoint; readonly rollout: Rollout }) {
  const { label, tone } = STATES[rollout.state];
  return (
    <>
      <Group gap={8}>
        <Text size="sm" fw={500}>
          To {rollout.spec.to}
        </Text>
        <StatusBadge status={rollout.state} label={label} tone={tone} />
        <Text size="xs" c="dimmed">
          <RelativeTime value={rollout.created_at} /> by {rollout.created_by}
        </Text>
      </Group>
      <Text size="sm" aria-live="polite">
        {rollout.detail}
      </Text>
      <ol className={classes.steps} aria-label={`Steps of the rollout to ${rollout.spec.to}`}>
        {rollout.steps.map((step) => (
          <StepRow key={step.share} step={step} isOver={!isUnderWay(rollout)} />
        ))}
      </ol>
      {isUnderWay(rollout) && <Controls endpoint={endpoint} rollout={rollout} />}
    </>
  );
}

function whyNot(endpoint: Endpoint): string | null {
  if (endpoint.deployments.length < 2) return "A rollout needs two deployments: the one that serves and the one that is to.";
  return Object.values(endpoint.traffic).some((share) => share > 0) ? null : "Nothing serves yet: give a deployment the traffic first.";
}

/** Traffic that moves to a deployment in steps, and back when it does worse: how it goes, and the button that begins it. */
export function RolloutCard({ endpoint }: { readonly endpoint: Endpoint }) {
  const workspace = useWorkspace();
  const client = useQueryClient();
  const rights = useRights(workspace);
  const query = useQuery(endpoints.rollouts(workspace, endpoint.name));
  const [starting, start] = useDisclosure(false);
  const last = query.data?.items[0];
  const underWay = last !== undefined && isUnderWay(last);
  const mark = last ? `${last.id} ${last.state} ${last.step}` : "";
  useEffect(() => {
    // A step, or the end, has moved the traffic.
    if (mark !== "") void client.invalidateQueries({ queryKey: endpoints.get(workspace, endpoint.name).queryKey, exact: true });
  }, [client, workspace, endpoint.name, mark]);
  return (
    <section className={classes.card} aria-label="Rollout">
      <div className={classes.head}>
        <h2 className={classes.title}>Rollout in steps</h2>
        <span className={classes.grow} />
        {!underWay && (
          <GuardedButton size="compact-md" variant="default" leftSection={<IconStairsUp size={15} />} off={whyReadOnly(rights) ?? whyNot(endpoint)} onClick={start.open}>
            Start
          </GuardedButton>
        )}
      </div>
      {query.error && <ErrorPanel error={query.error} />}
      {last ? (
        <Progress endpoint={endpoint} rollout={last} />
      ) : (
        <Text size="sm" c="dimmed">
          Traffic moves to a new deployment step by step, and back by itself where it has more errors, is slower, or an evaluator scores it lower.
        </Text>
      )}
      {starting && <RolloutDialog endpoint={endpoint} onClose={start.close} />}
    </section>
  );
}
