import { IconRocket } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { linkOptions, useNavigate } from "@tanstack/react-router";
import { endpoints } from "@/api/endpoints";
import { registry } from "@/api/registry";
import type { Model } from "@/api/types";
import { useRights, whyReadOnly } from "@/api/useRights";
import { useWorkspace } from "@/lib/workspace";
import { type Column, DataTable } from "@/ui/DataTable";
import { EmptyState } from "@/ui/EmptyState";
import { RelativeTime } from "@/ui/figures";
import { GuardedButton } from "@/ui/GuardedButton";
import { Loaded } from "@/ui/Loaded";
import { StatusBadge } from "@/ui/StatusBadge";
import { type RunsAt, runsAt } from "../logic/registry";

const COLUMNS: Column<RunsAt>[] = [
  { id: "endpoint", header: "Endpoint", value: ({ endpoint }) => endpoint.name },
  { id: "deployment", header: "Deployment", value: ({ deployment }) => deployment.name },
  { id: "model", header: "Model", value: ({ deployment }) => deployment.model },
  { id: "traffic", header: "Traffic", align: "right", value: ({ endpoint, deployment }) => endpoint.traffic[deployment.name] ?? 0, cell: ({ endpoint, deployment }) => `${endpoint.traffic[deployment.name] ?? 0} %`, width: 90 },
  { id: "state", header: "State", value: ({ deployment }) => deployment.state, cell: ({ deployment }) => <StatusBadge bare status={deployment.state} />, width: 130 },
  { id: "changed", header: "Changed", align: "right", value: ({ deployment }) => Date.parse(deployment.updated_at), cell: ({ deployment }) => <RelativeTime value={deployment.updated_at} />, width: 120 },
];

/** Where this model runs in the workspace, and the way to deploy it. */
export function DeploymentsTab({ model }: { readonly model: Model }) {
  const workspace = useWorkspace();
  const navigate = useNavigate();
  const off = whyReadOnly(useRights(workspace)) ?? model.actions?.deploy ?? null;
  const list = useQuery(endpoints.list(workspace));
  const versions = useQuery(registry.versions(workspace));
  return (
    <Loaded query={list}>
      {({ items }) => {
        const found = runsAt(model.name, items, versions.data ?? []);
        if (found.length === 0)
          return (
            <EmptyState icon={IconRocket} title="It is not deployed in this workspace" text="A deployment gives it an endpoint of its own: an address with keys, traffic that can be divided, metrics, and traces of every call.">
              <GuardedButton off={off} leftSection={<IconRocket size={15} />} onClick={() => void navigate({ to: "/w/$workspace/deploy", params: { workspace }, search: { model: model.name } as never })}>
                Deploy
              </GuardedButton>
            </EmptyState>
          );
        return <DataTable name="model-deployments" plain columns={COLUMNS} rows={found} rowId={({ endpoint, deployment }) => `${endpoint.name} ${deployment.name}`} rowLink={({ endpoint }) => linkOptions({ to: "/w/$workspace/endpoints/$name", params: { workspace, name: endpoint.name } })} defaultSort="endpoint" />;
      }}
    </Loaded>
  );
}
