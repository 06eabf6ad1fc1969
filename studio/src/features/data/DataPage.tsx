import { SegmentedControl } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconCalendarRepeat, IconDatabase, IconPlus, IconServer2 } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { linkOptions } from "@tanstack/react-router";
import { data } from "@/api/data";
import type { DataAsset } from "@/api/types";
import { useRights, whyReadOnly } from "@/api/useRights";
import { formatBytes } from "@/lib/format";
import { useUrlState } from "@/lib/url";
import { useWorkspace } from "@/lib/workspace";
import { Clip } from "@/ui/Clip";
import { type Column, DataTable } from "@/ui/DataTable";
import { EmptyState } from "@/ui/EmptyState";
import { Num, RelativeTime } from "@/ui/figures";
import { GuardedButton } from "@/ui/GuardedButton";
import { Loaded } from "@/ui/Loaded";
import { Page, PageHeader } from "@/ui/Page";
import { TableSkeleton } from "@/ui/Skeletons";
import { UrlTabs } from "@/ui/UrlTabs";
import { NewVersion } from "./components/NewVersion";
import { SchedulesTab } from "./components/SchedulesTab";
import { ConnectButton, StoresTab } from "./components/StoresTab";
import { originOf } from "./logic/origin";

const tagsOf = ({ tags }: DataAsset): string =>
  Object.entries(tags)
    .map(([key, value]) => (value === "" ? key : `${key}: ${value}`))
    .join(", ");

const COLUMNS: Column<DataAsset>[] = [
  { id: "name", header: "Name", value: (row) => row.name },
  { id: "version", header: "Version", value: (row) => row.version, width: 110 },
  { id: "rows", header: "Rows", align: "right", value: (row) => row.rows ?? undefined, cell: (row) => (row.rows === null ? "–" : <Num value={row.rows} />), width: 100 },
  { id: "size", header: "Size", align: "right", value: (row) => row.bytes, cell: (row) => formatBytes(row.bytes), width: 100 },
  { id: "origin", header: "Made from", value: (row) => originOf(row), width: 150 },
  { id: "description", header: "Description", value: (row) => row.description ?? "", cell: (row) => <Clip text={row.description} max="clamp(160px, 24vw, 520px)" /> },
  { id: "tags", header: "Tags", value: (row) => tagsOf(row), cell: (row) => <Clip text={tagsOf(row)} max="200px" /> },
  { id: "by", header: "Made by", value: (row) => row.created_by, width: 110 },
  { id: "made", header: "Made", align: "right", value: (row) => Date.parse(row.created_at), cell: (row) => <RelativeTime value={row.created_at} />, width: 120 },
];

function Nothing({ archived, off, onNew }: { readonly archived: boolean; readonly off: string | null; readonly onNew: () => void }) {
  if (archived) return <EmptyState icon={IconDatabase} title="Nothing is archived" text="An asset that is archived is left out of lists; what refers to it goes on working." />;
  return (
    <EmptyState
      icon={IconDatabase}
      title="No data yet"
      text="A data asset is data under a name, in versions that never change: questions for a run, an evaluation set, examples for fine-tuning. Upload files, take what is in a datastore or what a database answers, or make one from traces."
    >
      <GuardedButton off={off} onClick={onNew}>
        New data asset
      </GuardedButton>
    </EmptyState>
  );
}

function AssetsTab({ onNew }: { readonly onNew: () => void }) {
  const workspace = useWorkspace();
  const [show, setShow] = useUrlState("show", "active");
  const archived = show === "archived";
  const list = useQuery(data.list(workspace, archived));
  const off = whyReadOnly(useRights(workspace));
  const choice = (
    <SegmentedControl
      aria-label="Which assets"
      size="xs"
      data={[
        { value: "active", label: "Active" },
        { value: "archived", label: "Archived" },
      ]}
      value={archived ? "archived" : "active"}
      onChange={setShow}
    />
  );
  return (
    <div style={{ display: "flex", flexDirection: "column", gap: 12, height: "100%", minHeight: 0 }}>
      <Loaded query={list} skeleton={<TableSkeleton columns={7} />}>
        {({ items }) =>
          items.length === 0 ? (
            <>
              {archived && <div>{choice}</div>}
              <Nothing archived={archived} off={off} onNew={onNew} />
            </>
          ) : (
            <DataTable
              name="data"
              columns={COLUMNS}
              rows={items}
              rowId={(row) => row.name}
              rowLink={(row) => linkOptions({ to: "/w/$workspace/data/$name", params: { workspace, name: row.name } })}
              defaultSort="name"
              searchIn={(row) => `${row.name} ${row.description ?? ""} ${Object.entries(row.tags).flat().join(" ")}`}
              searchPlaceholder="Search data"
              filters={choice}
              nothing="Nothing fits the search."
            />
          )
        }
      </Loaded>
    </div>
  );
}

/** Data under names, in versions, and the places where it is. */
export function DataPage() {
  const workspace = useWorkspace();
  const [tab] = useUrlState("tab", "assets");
  const off = whyReadOnly(useRights(workspace));
  const [opened, { open, close }] = useDisclosure(false);
  return (
    <Page fill>
      <PageHeader title="Data" meta="Data under names, in versions that never change, and the places that files and tables are read from.">
        {tab === "datastores" ? (
          <ConnectButton />
        ) : (
          <GuardedButton off={off} leftSection={<IconPlus size={16} />} onClick={open}>
            New data asset
          </GuardedButton>
        )}
      </PageHeader>
      <UrlTabs
        fill
        tabs={[
          { value: "assets", label: "Assets", icon: <IconDatabase size={15} />, content: () => <AssetsTab onNew={open} /> },
          { value: "datastores", label: "Datastores", icon: <IconServer2 size={15} />, content: () => <StoresTab /> },
          { value: "schedules", label: "Schedules", icon: <IconCalendarRepeat size={15} />, content: () => <SchedulesTab /> },
        ]}
      />
      {opened && <NewVersion onClose={close} />}
    </Page>
  );
}
