import { Button, Center, Group, Text } from "@mantine/core";
import { IconArchive, IconArchiveOff, IconArrowsDiff, IconListCheck, IconPlus } from "@tabler/icons-react";
import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { linkOptions, useNavigate } from "@tanstack/react-router";
import { useMemo, useState } from "react";
import { flows } from "@/api/flows";
import { isRunning, type RunFilter, runs } from "@/api/runs";
import { useRights, whyReadOnly } from "@/api/useRights";
import { formatDuration, formatNumber, UNKNOWN } from "@/lib/format";
import { useNow } from "@/lib/now";
import { useUrlState } from "@/lib/url";
import { useWorkspace } from "@/lib/workspace";
import { Clip } from "@/ui/Clip";
import { type Column, DataTable } from "@/ui/DataTable";
import { EmptyState } from "@/ui/EmptyState";
import { ErrorPanel } from "@/ui/ErrorPanel";
import { RelativeTime } from "@/ui/figures";
import { GuardedButton } from "@/ui/GuardedButton";
import { ButtonLink } from "@/ui/links";
import { Page, PageHeader } from "@/ui/Page";
import { TableSkeleton } from "@/ui/Skeletons";
import { StatusBadge } from "@/ui/StatusBadge";
import { FilterMenu } from "@/ui/TableBar";
import { FewMetrics } from "./components/FewMetrics";
import { RunProgress } from "./components/RunProgress";
import { doneOf, tookMs } from "./logic/progress";
import type { Run, RunStatus } from "./model";

const REFRESH_MS = 10_000;
const MOST_COMPARED = 10;
const STATUSES: RunStatus[] = ["queued", "running", "canceling", "completed", "failed", "canceled"];
const STATUS_OPTIONS = STATUSES.map((value) => ({ value, label: value.charAt(0).toUpperCase() + value.slice(1) }));
const ARCHIVED_OPTIONS = [
  { value: "only", label: "Archived only" },
  { value: "also", label: "Archived too" },
];
const NONE: ReadonlySet<string> = new Set();

function Took({ run }: { readonly run: Run }) {
  const took = tookMs(run, useNow(isRunning(run)));
  return <>{took === null ? UNKNOWN : formatDuration(took)}</>;
}

function Created({ run }: { readonly run: Run }) {
  return (
    <>
      <RelativeTime value={run.created_at} />
      <Text size="xs" c="dimmed" lh={1.3} className="fy-truncate" maw={120} title={`by ${run.created_by}`}>
        by {run.created_by}
      </Text>
    </>
  );
}

const COLUMNS: Column<Run>[] = [
  { id: "name", header: "Name", value: (run) => run.display_name ?? run.name, cell: (run) => <Clip text={run.display_name ?? run.name} max="clamp(150px, 16vw, 420px)" /> },
  { id: "flow", header: "Flow", value: (run) => run.flow, cell: (run) => <Clip text={run.flow} max="clamp(90px, 11vw, 260px)" /> },
  { id: "status", header: "Status", value: (run) => run.status, cell: (run) => <StatusBadge status={run.status} bare />, width: 110 },
  { id: "rows", header: "Rows", value: (run) => doneOf(run.counts).done, cell: (run) => <RunProgress run={run} small />, width: 128 },
  { id: "metrics", header: "Metrics", value: () => null, cell: (run) => <FewMetrics run={run} />, sortable: false },
  { id: "duration", header: "Duration", value: (run) => tookMs(run, Date.now()), cell: (run) => <Took run={run} />, align: "right", width: 90 },
  { id: "created", header: "Created", value: (run) => run.created_at, cell: (run) => <Created run={run} />, width: 110 },
];

interface SelectionBarProps {
  readonly rows: readonly Run[];
  readonly chosen: ReadonlySet<string>;
  readonly clear: () => void;
}

/** What can be done with the runs that are chosen. */
function SelectionBar({ rows, chosen, clear }: SelectionBarProps) {
  const workspace = useWorkspace();
  const navigate = useNavigate();
  const client = useQueryClient();
  const rights = useRights(workspace);
  // In the order of the list, oldest first: what came before is what the others are compared with.
  const names = rows.filter((run) => chosen.has(run.name)).map((run) => run.name).reverse();
  const archived = rows.some((run) => chosen.has(run.name) && run.archived);
  const put = useMutation({
    mutationFn: (verb: "archive" | "restore") => Promise.all(names.map((name) => runs[verb](workspace, name))),
    onSuccess: clear,
    onSettled: () => client.invalidateQueries({ queryKey: ["runs", workspace] }),
  });
  if (names.length === 0) return null;
  return (
    <Group gap="sm" role="toolbar" aria-label="Selected runs">
      <Text size="sm" fw={500} className="fy-num">
        {formatNumber(names.length)} selected
      </Text>
      <GuardedButton
        size="compact-md"
        leftSection={<IconArrowsDiff size={15} />}
        off={names.length > MOST_COMPARED ? `At most ${MOST_COMPARED} at once.` : null}
        onClick={() => {
          void navigate({ to: "/w/$workspace/runs/compare", params: { workspace }, search: { runs: names.join(",") } as never });
        }}
      >
        Compare
      </GuardedButton>
      <GuardedButton
        size="compact-md"
        variant="default"
        off={whyReadOnly(rights)}
        leftSection={archived ? <IconArchiveOff size={15} /> : <IconArchive size={15} />}
        loading={put.isPending}
        onClick={() => {
          put.mutate(archived ? "restore" : "archive");
        }}
      >
        {archived ? "Restore" : "Archive"}
      </GuardedButton>
      <Button size="compact-md" variant="subtle" color="gray" onClick={clear}>
        Clear
      </Button>
      {put.error && (
        <Text size="sm" c="var(--fy-bad)" role="alert">
          {put.error.message}
        </Text>
      )}
    </Group>
  );
}

function Filters({ rows }: { readonly rows: readonly Run[] }) {
  const workspace = useWorkspace();
  const [flow, setFlow] = useUrlState("flow");
  const [status, setStatus] = useUrlState("status");
  const [archived, setArchived] = useUrlState("archived");
  const flowList = useQuery(flows.list(workspace));
  const names = new Set([...(flowList.data?.items ?? []).map((each) => each.name), ...rows.map((run) => run.flow), ...(flow ? [flow] : [])]);
  return (
    <>
      <FilterMenu label="Flow" value={flow} options={[...names].sort().map((value) => ({ value, label: value }))} onChange={setFlow} />
      <FilterMenu label="Status" value={status} options={STATUS_OPTIONS} onChange={setStatus} />
      <FilterMenu label="Archived" value={archived} options={ARCHIVED_OPTIONS} onChange={setArchived} />
    </>
  );
}

function NewRun() {
  const workspace = useWorkspace();
  const why = whyReadOnly(useRights(workspace));
  if (why !== null) {
    return (
      <GuardedButton leftSection={<IconPlus size={16} />} off={why}>
        New run
      </GuardedButton>
    );
  }
  return (
    <ButtonLink leftSection={<IconPlus size={16} />} to="/w/$workspace/runs/new" params={{ workspace }}>
      New run
    </ButtonLink>
  );
}

function useFilter(): { readonly filter: RunFilter; readonly filtered: boolean } {
  const [flow] = useUrlState("flow");
  const [status] = useUrlState("status");
  const [archived] = useUrlState("archived");
  const filter = useMemo<RunFilter>(
    () => ({
      ...(flow ? { flow } : {}),
      ...(status ? { status: status as RunStatus } : {}),
      ...(archived ? { archived: archived as "only" | "also" } : {}),
    }),
    [flow, status, archived],
  );
  return { filter, filtered: Object.keys(filter).length > 0 };
}

function RunsTable({ rows, more }: { readonly rows: readonly Run[]; readonly more: React.ReactNode }) {
  const workspace = useWorkspace();
  const [chosen, choose] = useState(NONE);
  return (
    <>
      <SelectionBar
        rows={rows}
        chosen={chosen}
        clear={() => {
          choose(NONE);
        }}
      />
      <DataTable
        name="runs"
        columns={COLUMNS}
        rows={rows}
        rowId={(run) => run.name}
        rowLink={(run) => linkOptions({ to: "/w/$workspace/runs/$name", params: { workspace, name: run.name } })}
        defaultSort="-created"
        searchIn={(run) => `${run.name} ${run.display_name ?? ""} ${run.description ?? ""} ${run.flow} ${Object.entries(run.tags ?? {}).flat().join(" ")}`}
        searchPlaceholder="Search runs"
        filters={<Filters rows={rows} />}
        selection={{ ids: chosen, set: choose, label: (run) => run.name }}
        nothing="No run fits the search and filters."
        footer={more}
      />
    </>
  );
}

/** The runs of a workspace, newest first. */
export function RunsPage() {
  const workspace = useWorkspace();
  const { filter, filtered } = useFilter();
  const query = useInfiniteQuery({
    ...runs.pages(workspace, filter),
    placeholderData: (before) => before,
    refetchInterval: ({ state }) => (state.data?.pages.some((page) => page.items.some(isRunning)) ? 1500 : REFRESH_MS),
  });
  const rows = useMemo(() => query.data?.pages.flatMap((page) => page.items) ?? [], [query.data]);
  const more = query.hasNextPage && (
    <Center p="sm">
      <Button
        variant="default"
        size="compact-md"
        loading={query.isFetchingNextPage}
        onClick={() => {
          void query.fetchNextPage();
        }}
      >
        Load older runs
      </Button>
    </Center>
  );
  const empty = query.data !== undefined && rows.length === 0 && !filtered;
  return (
    <Page fill>
      <PageHeader title="Runs" meta="A flow over many rows of data: outputs, metrics and cost, row by row.">
        <NewRun />
      </PageHeader>
      {query.error && !query.data && (
        <ErrorPanel
          error={query.error}
          onRetry={() => {
            void query.refetch();
          }}
        />
      )}
      {query.isPending && <TableSkeleton columns={7} />}
      {empty && (
        <EmptyState
          icon={IconListCheck}
          title="No runs yet"
          text="A run takes a file of rows through a flow and keeps every output, error, time and cost. Compare runs to see what a change does; evaluate one to give it scores."
        >
          <NewRun />
        </EmptyState>
      )}
      {query.data && !empty && <RunsTable rows={rows} more={more} />}
    </Page>
  );
}
