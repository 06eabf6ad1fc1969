import { Stack } from "@mantine/core";
import { IconCloudUp } from "@tabler/icons-react";
import type { Endpoint } from "@/api/types";
import { useRights, whyReadOnly } from "@/api/useRights";
import { useWorkspace } from "@/lib/workspace";
import { CopyButton } from "@/ui/CopyButton";
import { EmptyState } from "@/ui/EmptyState";
import { ButtonLink } from "@/ui/links";
import { DeploymentCard } from "./DeploymentCard";
import classes from "./DetailsTab.module.css";
import { MirrorEditor } from "./MirrorEditor";
import { RolloutCard } from "./RolloutCard";
import { TrafficEditor } from "./TrafficEditor";

function Address({ label, path }: { readonly label: string; readonly path: string }) {
  const address = `${window.location.origin}${path}`;
  return (
    <div className={classes.address}>
      <h3 className={classes.label}>{label}</h3>
      <code className={classes.url}>{address}</code>
      <CopyButton value={address} label={`Copy ${label}`} />
    </div>
  );
}

function NoDeployment({ endpoint }: { readonly endpoint: Endpoint }) {
  const workspace = useWorkspace();
  const off = whyReadOnly(useRights(workspace));
  return (
    <EmptyState
      icon={IconCloudUp}
      title="Nothing serves this endpoint yet"
      text="A deployment is a flow or a model in processes of its own. The first one gets all the traffic once it is up."
    >
      <ButtonLink off={off} leftSection={<IconCloudUp size={16} />} to="/w/$workspace/deploy" params={{ workspace }} search={{ endpoint: endpoint.name } as never}>
        Add deployment
      </ButtonLink>
    </EmptyState>
  );
}

/** Deployments, how the traffic is split between them, and where the endpoint is. */
export function DetailsTab({ endpoint }: { readonly endpoint: Endpoint }) {
  const servesModel = endpoint.deployments.some((deployment) => deployment.model);
  return (
    <div className={classes.columns}>
      <Stack gap="md">
        {endpoint.deployments.length === 0 && <NoDeployment endpoint={endpoint} />}
        {endpoint.deployments.map((deployment) => (
          <DeploymentCard key={deployment.name} endpoint={endpoint} deployment={deployment} />
        ))}
      </Stack>
      <Stack gap="md">
        {endpoint.deployments.length > 0 && <TrafficEditor key={endpoint.deployments.map(({ name }) => name).join("/")} endpoint={endpoint} />}
        {endpoint.deployments.length > 0 && <RolloutCard endpoint={endpoint} />}
        {endpoint.deployments.length > 0 && <MirrorEditor endpoint={endpoint} />}
        <section className={classes.card} aria-label="Addresses">
          <h2 className={classes.title}>Addresses</h2>
          <Address label="Score" path={endpoint.scoring_path} />
          {servesModel && <Address label="OpenAI base URL" path={endpoint.openai_path} />}
          <Address label="OpenAPI document" path={endpoint.swagger_path} />
        </section>
      </Stack>
    </div>
  );
}
