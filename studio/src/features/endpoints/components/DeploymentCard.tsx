import { Badge, Group, Stack, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconArrowsDiagonal, IconTrash } from "@tabler/icons-react";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { endpoints } from "@/api/endpoints";
import { indexUses } from "@/api/indexUses";
import { readProblem } from "@/api/problem";
import type { Deployment, Endpoint, IndexUse } from "@/api/types";
import { useJob } from "@/api/useJob";
import { useRights, whyReadOnly } from "@/api/useRights";
import { formatDuration } from "@/lib/format";
import { useWorkspace } from "@/lib/workspace";
import { ConfirmDelete } from "@/ui/ConfirmDelete";
import { CopyButton } from "@/ui/CopyButton";
import { ErrorPanel } from "@/ui/ErrorPanel";
import { RelativeTime } from "@/ui/figures";
import { GuardedIcon } from "@/ui/GuardedButton";
import { JobProgress } from "@/ui/JobProgress";
import { KeyValue } from "@/ui/KeyValue";
import { TextLink } from "@/ui/links";
import { StatusBadge } from "@/ui/StatusBadge";
import { gateWords } from "../logic/gates";
import classes from "./DetailsTab.module.css";
import { ScaleDialog } from "./ScaleDialog";

interface DeploymentCardProps {
  readonly endpoint: Endpoint;
  readonly deployment: Deployment;
}

const WORKS_ON = ["endpoints", "overview"] as const;

function Source({ deployment }: { readonly deployment: Deployment }) {
  const workspace = useWorkspace();
  if (deployment.model) {
    return (
      <TextLink to="/w/$workspace/models/$name" params={{ workspace, name: deployment.model }} inherit>
        model/{deployment.model}
      </TextLink>
    );
  }
  if (!deployment.flow) return <span>uploaded snapshot</span>;
  return (
    <TextLink to="/w/$workspace/flows/$flow" params={{ workspace, flow: deployment.flow }} inherit>
      flow/{deployment.flow}
    </TextLink>
  );
}

function Stages({ job: id }: { readonly job: string }) {
  const workspace = useWorkspace();
  const { job } = useJob(workspace, id, WORKS_ON);
  return job ? <JobProgress job={job} /> : null;
}

function Replicas({ deployment }: { readonly deployment: Deployment }) {
  if (deployment.replicas.length === 0) return null;
  return (
    <table className={classes.replicas} aria-label={`Replicas of ${deployment.name}`}>
      <thead>
        <tr>
          <th scope="col">Replica</th>
          <th scope="col">State</th>
          <th scope="col">Up since</th>
          <th scope="col" className={classes.number}>
            Restarts
          </th>
          <th scope="col" className={classes.number}>
            Process
          </th>
        </tr>
      </thead>
      <tbody>
        {deployment.replicas.map((replica) => (
          <tr key={replica.name}>
            <td title={replica.name}>{replica.name.split("/").at(-1)}</td>
            <td>
              <StatusBadge status={replica.state} bare />
              {replica.error && (
                <Text size="xs" c="var(--fy-bad)" style={{ overflowWrap: "anywhere" }}>
                  {replica.error}
                </Text>
              )}
            </td>
            <td>
              <RelativeTime value={replica.started_at} />
            </td>
            <td className={classes.number}>{replica.restarts ?? 0}</td>
            <td className={classes.number}>{replica.pid ?? "–"}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function whyKept(deployment: Deployment, share: number): string | null {
  if (share > 0) return "It still gets traffic: set its share to 0 first.";
  return deployment.state === "deleting" ? "It is being deleted." : null;
}

interface HeadProps extends DeploymentCardProps {
  readonly onDelete: () => void;
  readonly onScale: () => void;
}

function Head({ endpoint, deployment, onDelete, onScale }: HeadProps) {
  const why = whyReadOnly(useRights(useWorkspace()));
  const share = endpoint.traffic[deployment.name] ?? 0;
  return (
    <div className={classes.head}>
      <h2 className={`${classes.title} fy-truncate`} title={deployment.name}>
        {deployment.name}
      </h2>
      <StatusBadge status={deployment.state} />
      <Badge variant="default" tt="none" fw={500} className="fy-num">
        {share} % of traffic
      </Badge>
      <span className={classes.grow} />
      <GuardedIcon off={why} label={`Replicas of ${deployment.name}`} onClick={onScale}>
        <IconArrowsDiagonal size={16} />
      </GuardedIcon>
      <GuardedIcon off={why ?? whyKept(deployment, share)} label={`Delete deployment ${deployment.name}`} onClick={onDelete}>
        <IconTrash size={16} />
      </GuardedIcon>
    </div>
  );
}

function replicasOf({ instances, instance_count: deployed, settings }: Deployment): string {
  const scale = settings?.scale;
  const now = `${instances ?? deployed}`;
  return scale?.type === "target_utilization" ? `${now}, scaled between ${scale.min_instances ?? 1} and ${scale.max_instances ?? 1}` : now;
}

function boundsOf({ settings }: Deployment): string | null {
  const request = settings?.request;
  const bounds = [
    request?.max_concurrent_requests_per_instance && `${request.max_concurrent_requests_per_instance} requests at a time for each`,
    request?.max_queue_wait_ms && `wait ${formatDuration(request.max_queue_wait_ms)}`,
    request?.request_timeout_ms && `timeout ${formatDuration(request.request_timeout_ms)}`,
  ].filter((bound) => typeof bound === "string");
  return bounds.length > 0 ? bounds.join(", ") : null;
}

/** The indexes that it asks, each in the version that it stands for now. */
function Asked({ uses }: { readonly uses: readonly IndexUse[] }) {
  const workspace = useWorkspace();
  return (
    <Stack gap={2}>
      {uses.map((use) => (
        <Group key={use.node} gap={6}>
          <TextLink to="/w/$workspace/indexes/$name" params={{ workspace, name: use.index }} search={{ tab: "versions" } as never} size="sm">
            {use.index}:{use.version ?? use.asked}
          </TextLink>
          <Text span size="xs" c={use.version === null ? "var(--fy-bad)" : "dimmed"}>
            {use.version === null ? "is not there: its searches fail" : use.pinned ? "pinned" : `follows ${use.asked}`}
          </Text>
        </Group>
      ))}
    </Stack>
  );
}

/** A deployment: what it serves, its state and replicas, and the stages while it is coming up. */
export function DeploymentCard({ endpoint, deployment }: DeploymentCardProps) {
  const workspace = useWorkspace();
  const client = useQueryClient();
  const [deleting, remove] = useDisclosure(false);
  const [scaling, scale] = useDisclosure(false);
  const problem = readProblem(deployment.error);
  const asked = useQuery(indexUses(workspace, { endpoint: endpoint.name })).data?.items.filter((use) => use.deployment === deployment.name) ?? [];
  const variables = Object.keys(deployment.environment_variables ?? {});
  const init = Object.entries(deployment.init ?? {}).map(([name, value]) => `${name} = ${JSON.stringify(value)}`);
  return (
    <section className={classes.card} aria-label={`Deployment ${deployment.name}`}>
      <Head endpoint={endpoint} deployment={deployment} onDelete={remove.open} onScale={scale.open} />
      <KeyValue
        entries={[
          ["Serves", <Source key="source" deployment={deployment} />],
          [
            "Snapshot",
            deployment.digest && (
              <span style={{ display: "inline-flex", alignItems: "center", gap: 4 }}>
                <Text span inherit ff="monospace" fz={12}>
                  {deployment.digest.slice(0, 12)}
                </Text>
                <CopyButton value={deployment.digest} label="Copy snapshot digest" size={13} />
              </span>
            ),
          ],
          ["Indexes", asked.length > 0 && <Asked key="indexes" uses={asked} />],
          ["Gates", (deployment.settings?.gates ?? []).map(gateWords).join(", ") || false],
          ["Replicas", replicasOf(deployment)],
          ["Bounds", boundsOf(deployment)],
          ["Made with", init.length > 0 && init.join(", ")],
          ["Environment", variables.length > 0 && variables.join(", ")],
          ["Deployed", <RelativeTime key="made" value={deployment.created_at} />],
        ]}
      />
      {deployment.state === "deploying" && deployment.job && <Stages job={deployment.job} />}
      {problem && <ErrorPanel error={problem} />}
      <Replicas deployment={deployment} />
      {scaling && <ScaleDialog endpoint={endpoint.name} deployment={deployment} onClose={scale.close} />}
      <ConfirmDelete
        opened={deleting}
        onClose={remove.close}
        what={`deployment ${deployment.name}`}
        consequence="Its processes are stopped. The flow or model it was made from stays."
        onConfirm={async () => {
          await endpoints.removeDeployment(workspace, endpoint.name, deployment.name);
          await client.invalidateQueries({ queryKey: endpoints.get(workspace, endpoint.name).queryKey });
        }}
      />
    </section>
  );
}
