import { useDisclosure } from "@mantine/hooks";
import { IconPlus, IconSitemap } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { linkOptions } from "@tanstack/react-router";
import { useMemo } from "react";
import { flows } from "@/api/flows";
import { useRights, whyReadOnly } from "@/api/useRights";
import { useUrlState } from "@/lib/url";
import { useWorkspace } from "@/lib/workspace";
import { Clip } from "@/ui/Clip";
import { type Column, DataTable } from "@/ui/DataTable";
import { EmptyState } from "@/ui/EmptyState";
import { RelativeTime } from "@/ui/figures";
import { GuardedButton } from "@/ui/GuardedButton";
import { Loaded } from "@/ui/Loaded";
import { Page, PageHeader } from "@/ui/Page";
import { TableSkeleton } from "@/ui/Skeletons";
import { StatusBadge } from "@/ui/StatusBadge";
import { FilterMenu } from "@/ui/TableBar";
import { NewFlowDialog } from "./components/NewFlowDialog";
import { FLOW_KINDS, PURPOSES } from "./components/words";
import type { Flow } from "./model";

function Validity({ flow }: { readonly flow: Flow }) {
  if (flow.errors === 0) return <StatusBadge status="ok" label="Valid" bare />;
  return <StatusBadge status="error" label={flow.errors === 1 ? "1 error" : `${flow.errors} errors`} bare />;
}

const COLUMNS: Column<Flow>[] = [
  { id: "name", header: "Name", value: (flow) => flow.name, cell: (flow) => <Clip text={flow.name} max="clamp(200px, 22vw, 460px)" /> },
  { id: "purpose", header: "Purpose", value: (flow) => PURPOSES[flow.purpose].label, width: 110 },
  { id: "kind", header: "Kind", value: (flow) => FLOW_KINDS[flow.kind], width: 100 },
  { id: "description", header: "Description", value: (flow) => flow.description, cell: (flow) => <Clip text={flow.description} max="clamp(120px, calc(100vw - 1080px), 720px)" />, sortable: false },
  { id: "nodes", header: "Nodes", value: (flow) => flow.nodes, align: "right", width: 80 },
  { id: "errors", header: "Validation", value: (flow) => flow.errors, cell: (flow) => <Validity flow={flow} />, width: 120 },
  { id: "updated", header: "Updated", value: (flow) => flow.updated_at, cell: (flow) => <RelativeTime value={flow.updated_at} />, width: 130 },
];

function FlowsTable({ rows }: { readonly rows: readonly Flow[] }) {
  const workspace = useWorkspace();
  const [purpose, setPurpose] = useUrlState("purpose");
  const shown = useMemo(() => (purpose ? rows.filter((flow) => flow.purpose === purpose) : rows), [rows, purpose]);
  return (
    <DataTable
      name="flows"
      columns={COLUMNS}
      rows={shown}
      rowId={(flow) => flow.name}
      rowLink={(flow) => linkOptions({ to: "/w/$workspace/flows/$flow", params: { workspace, flow: flow.name } })}
      defaultSort="-updated"
      searchIn={(flow) => `${flow.name} ${flow.description ?? ""}`}
      searchPlaceholder="Search flows"
      filters={
        <FilterMenu
          label="Purpose"
          value={purpose}
          options={Object.entries(PURPOSES).map(([value, { label }]) => ({ value, label }))}
          onChange={setPurpose}
        />
      }
    />
  );
}

/** The flows of a workspace. */
export function FlowsPage() {
  const workspace = useWorkspace();
  const query = useQuery(flows.list(workspace));
  const off = whyReadOnly(useRights(workspace));
  const [creating, create] = useDisclosure(false);
  return (
    <Page fill>
      <PageHeader title="Flows" meta="Prompts, models and Python, joined into one thing that can be tested, served and watched.">
        <GuardedButton leftSection={<IconPlus size={16} />} off={off} onClick={create.open}>
          New flow
        </GuardedButton>
      </PageHeader>
      <Loaded query={query} skeleton={<TableSkeleton columns={6} />}>
        {({ items }) =>
          items.length > 0 ? (
            <FlowsTable rows={items} />
          ) : (
            <EmptyState
              icon={IconSitemap}
              title="No flows yet"
              text="A flow joins prompts, model calls and Python functions into one graph with inputs and outputs. Start from a template: it runs at once on the local model."
            >
              <GuardedButton leftSection={<IconPlus size={16} />} off={off} onClick={create.open}>
                New flow
              </GuardedButton>
            </EmptyState>
          )
        }
      </Loaded>
      <NewFlowDialog opened={creating} onClose={create.close} taken={query.data?.items.map((flow) => flow.name) ?? []} />
    </Page>
  );
}
