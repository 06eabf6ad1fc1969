import { ActionIcon, Badge, Text, Tooltip } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconTrash } from "@tabler/icons-react";
import { useQueryClient } from "@tanstack/react-query";
import { endpoints } from "@/api/endpoints";
import { readProblem } from "@/api/problem";
import type { Deployment, Endpoint } from "@/api/types";
import { useJob } from "@/api/useJob";
import { useRights } from "@/api/useRights";
import { useWorkspace } from "@/lib/workspace";
import { ConfirmDelete } from "@/ui/ConfirmDelete";
import { CopyButton } from "@/ui/CopyButton";
import { ErrorPanel } from "@/ui/ErrorPanel";
import { RelativeTime } from "@/ui/figures";
import { JobProgress } from "@/ui/JobProgress";
import { KeyValue } from "@/ui/KeyValue";
import { TextLink } from "@/ui/links";
import { StatusBadge } from "@/ui/StatusBadge";
import classes from "./DetailsTab.module.css";

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

function Head({ endpoint, deployment, onDelete }: DeploymentCardProps & { readonly onDelete: () => void }) {
  const { write } = useRights(useWorkspace());
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
      {write && (
        <Tooltip label={share > 0 ? "It still gets traffic: set its share to 0 first" : "Delete deployment"}>
          <ActionIcon aria-label={`Delete deployment ${deployment.name}`} disabled={share > 0 || deployment.state === "deleting"} onClick={onDelete}>
            <IconTrash size={16} />
          </ActionIcon>
        </Tooltip>
      )}
    </div>
  );
}

/** A deployment: what it serves, its state and replicas, and the stages while it is coming up. */
export function DeploymentCard({ endpoint, deployment }: DeploymentCardProps) {
  const workspace = useWorkspace();
  const client = useQueryClient();
  const [deleting, remove] = useDisclosure(false);
  const problem = readProblem(deployment.error);
  const variables = Object.keys(deployment.environment_variables ?? {});
  const init = Object.entries(deployment.init ?? {}).map(([name, value]) => `${name} = ${JSON.stringify(value)}`);
  return (
    <section className={classes.card} aria-label={`Deployment ${deployment.name}`}>
      <Head endpoint={endpoint} deployment={deployment} onDelete={remove.open} />
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
          ["Replicas", deployment.instance_count],
          ["Made with", init.length > 0 && init.join(", ")],
          ["Environment", variables.length > 0 && variables.join(", ")],
          ["Deployed", <RelativeTime key="made" value={deployment.created_at} />],
        ]}
      />
      {deployment.state === "deploying" && deployment.job && <Stages job={deployment.job} />}
      {problem && <ErrorPanel error={problem} />}
      <Replicas deployment={deployment} />
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
