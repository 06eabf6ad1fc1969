import { useDisclosure } from "@mantine/hooks";
import { IconCloudUp, IconPlus } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { linkOptions } from "@tanstack/react-router";
import { endpoints, isChanging } from "@/api/endpoints";
import type { Endpoint } from "@/api/types";
import { useRights, whyReadOnly } from "@/api/useRights";
import { useWorkspace } from "@/lib/workspace";
import { Clip } from "@/ui/Clip";
import { type Column, DataTable } from "@/ui/DataTable";
import { EmptyState } from "@/ui/EmptyState";
import { RelativeTime } from "@/ui/figures";
import { GuardedButton } from "@/ui/GuardedButton";
import { ButtonLink } from "@/ui/links";
import { Loaded } from "@/ui/Loaded";
import { Page, PageHeader } from "@/ui/Page";
import { TableSkeleton } from "@/ui/Skeletons";
import { CreateEndpointDialog } from "./components/CreateEndpointDialog";
import { EndpointState } from "./components/EndpointState";
import { TrafficBar } from "./components/TrafficBar";
import { servedBy } from "./logic/state";

const COLUMNS: Column<Endpoint>[] = [
  { id: "name", header: "Name", value: (endpoint) => endpoint.name, width: "22%" },
  {
    id: "state",
    header: "State",
    value: (endpoint) => endpoint.deployments.length,
    cell: (endpoint) => <EndpointState endpoint={endpoint} bare />,
    width: 130,
    sortable: false,
  },
  {
    id: "traffic",
    header: "Traffic",
    value: (endpoint) => Object.keys(endpoint.traffic).join(" "),
    cell: (endpoint) => <TrafficBar endpoint={endpoint} />,
    width: 240,
    sortable: false,
  },
  { id: "serves", header: "Serves", value: (endpoint) => servedBy(endpoint), cell: (endpoint) => <Clip text={servedBy(endpoint)} /> },
  { id: "deployments", header: "Deployments", value: (endpoint) => endpoint.deployments.length, align: "right", width: 110 },
  {
    id: "updated",
    header: "Updated",
    value: (endpoint) => endpoint.updated_at,
    cell: (endpoint) => <RelativeTime value={endpoint.updated_at} />,
    width: 130,
  },
  {
    id: "description",
    header: "Description",
    value: (endpoint) => endpoint.description,
    cell: (endpoint) => <Clip text={endpoint.description} />,
    sortable: false,
  },
];

/** The real-time endpoints of a workspace. */
export function EndpointsPage() {
  const workspace = useWorkspace();
  const query = useQuery({
    ...endpoints.list(workspace),
    refetchInterval: ({ state }) => (state.data?.items.some(isChanging) ? 1500 : 10_000),
  });
  const why = whyReadOnly(useRights(workspace));
  const [creating, create] = useDisclosure(false);
  return (
    <Page fill>
      <PageHeader title="Endpoints" meta="Flows and models behind an address of their own, with traffic split between versions.">
        <GuardedButton variant="default" leftSection={<IconPlus size={16} />} off={why} onClick={create.open}>
          New endpoint
        </GuardedButton>
        <ButtonLink off={why} leftSection={<IconCloudUp size={16} />} to="/w/$workspace/deploy" params={{ workspace }}>
          Deploy
        </ButtonLink>
      </PageHeader>
      <Loaded query={query} skeleton={<TableSkeleton columns={6} />}>
        {({ items }) =>
          items.length > 0 ? (
            <DataTable
              name="endpoints"
              columns={COLUMNS}
              rows={items}
              rowId={(endpoint) => endpoint.name}
              rowLink={(endpoint) => linkOptions({ to: "/w/$workspace/endpoints/$name", params: { workspace, name: endpoint.name } })}
              defaultSort="name"
              searchIn={(endpoint) => `${endpoint.name} ${endpoint.description ?? ""} ${servedBy(endpoint)}`}
              searchPlaceholder="Search endpoints"
            />
          ) : (
            <EmptyState
              icon={IconCloudUp}
              title="No endpoints yet"
              text="An endpoint gives a flow or a model an address that programs can call, with keys, logs and a trace for every request. Deploying takes seconds."
            >
              <ButtonLink off={why} leftSection={<IconCloudUp size={16} />} to="/w/$workspace/deploy" params={{ workspace }}>
                Deploy a flow or model
              </ButtonLink>
            </EmptyState>
          )
        }
      </Loaded>
      <CreateEndpointDialog opened={creating} onClose={create.close} taken={query.data?.items.map((endpoint) => endpoint.name) ?? []} />
    </Page>
  );
}
