import { useQuery } from "@tanstack/react-query";
import { linkOptions } from "@tanstack/react-router";
import { IconPlus } from "@tabler/icons-react";
import { connections } from "@/api/connections";
import type { Connection } from "@/api/types";
import { useRights, whyReadOnly } from "@/api/useRights";
import { useWorkspace } from "@/lib/workspace";
import { type Column, DataTable } from "@/ui/DataTable";
import { RelativeTime } from "@/ui/figures";
import { ButtonLink } from "@/ui/links";
import { Loaded } from "@/ui/Loaded";
import { Page, PageHeader } from "@/ui/Page";
import { TableSkeleton } from "@/ui/Skeletons";
import { labelOf } from "./kinds";

function addressOf(connection: Connection): string | undefined {
  const { configs } = connection;
  return configs.api_base ?? configs.azure_endpoint ?? configs.base_url ?? configs.endpoint;
}

const COLUMNS: Column<Connection>[] = [
  { id: "name", header: "Name", value: (row) => row.name },
  { id: "type", header: "Type", value: (row) => labelOf(row.type) },
  { id: "address", header: "Address", value: (row) => addressOf(row) },
  { id: "secrets", header: "Secrets", value: (row) => row.secrets.join(", "), cell: (row) => row.secrets.join(", ") || "–" },
  { id: "updated", header: "Changed", align: "right", value: (row) => Date.parse(row.updated_at), cell: (row) => (row.built_in ? "built in" : <RelativeTime value={row.updated_at} />), width: 120 },
];

/** Named addresses and their secrets. */
export function ConnectionsPage() {
  const workspace = useWorkspace();
  const list = useQuery(connections.list(workspace));
  const off = whyReadOnly(useRights(workspace));
  return (
    <Page fill>
      <PageHeader title="Connections" meta="Named addresses of models and services, with their secrets. Flows name a connection and never see more than they need.">
        <ButtonLink off={off} to="/w/$workspace/connections/new" params={{ workspace }} leftSection={<IconPlus size={16} />}>
          New connection
        </ButtonLink>
      </PageHeader>
      <Loaded query={list} skeleton={<TableSkeleton columns={5} />}>
        {({ items }) => (
          <DataTable
            name="connections"
            columns={COLUMNS}
            rows={items}
            rowId={(row) => row.name}
            rowLink={(row) => linkOptions({ to: "/w/$workspace/connections/$name", params: { workspace, name: row.name } })}
            defaultSort="name"
            searchIn={(row) => `${row.name} ${labelOf(row.type)} ${row.type} ${addressOf(row) ?? ""}`}
            searchPlaceholder="Search connections"
            nothing={items.length === 0 ? "No connection yet." : "Nothing fits the search."}
          />
        )}
      </Loaded>
    </Page>
  );
}
