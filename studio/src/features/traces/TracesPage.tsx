import { Button, Center, Text, Tooltip } from "@mantine/core";
import { useDebouncedValue, useDisclosure, useInterval, useLocalStorage, useMediaQuery } from "@mantine/hooks";
import { IconDatabasePlus, IconGitCompare, IconListTree, IconMessages, IconShieldLock, IconUsers } from "@tabler/icons-react";
import { useInfiniteQuery } from "@tanstack/react-query";
import { linkOptions } from "@tanstack/react-router";
import { useMemo, useState } from "react";
import { ApiError } from "@/api/problem";
import { type TraceFilter, traces } from "@/api/traces";
import { useRights, whyReadOnly } from "@/api/useRights";
import { formatNumber } from "@/lib/format";
import { intervalOf, sinceOf } from "@/lib/timeRange";
import { searchOf } from "@/lib/traceSearch";
import { useUrlState } from "@/lib/url";
import { useWorkspace } from "@/lib/workspace";
import { Clip } from "@/ui/Clip";
import { type Column, DataTable } from "@/ui/DataTable";
import { EmptyState } from "@/ui/EmptyState";
import { ErrorPanel } from "@/ui/ErrorPanel";
import { Duration, Num, RelativeTime } from "@/ui/figures";
import { GuardedButton } from "@/ui/GuardedButton";
import { ButtonLink } from "@/ui/links";
import { Page, PageHeader } from "@/ui/Page";
import { TableSkeleton } from "@/ui/Skeletons";
import { StatusBadge } from "@/ui/StatusBadge";
import { CostOrUnknown } from "./components/CostOrUnknown";
import { Facets } from "./components/Facets";
import classes from "./components/Facets.module.css";
import { KindLabel } from "./components/KindLabel";
import { ToData } from "./components/ToData";
import { TraceFilters } from "./components/TraceFilters";
import { choosing } from "./logic/choices";
import type { SpanKind, Trace } from "./model";

const REFRESH_MS = 2000;
/** From these widths on facets stand beside the list by themselves, and all columns beside them. */
const [ROOM_FOR_FACETS, ROOM_FOR_ALL] = [1280, 1680];
const IN_FACETS = new Set(["models", "endpoint"]);

const COLUMNS: Column<Trace>[] = [
  {
    id: "name",
    header: "Name",
    value: (trace) => trace.name,
    cell: (trace) => <KindLabel kind={trace.kind} text={trace.name} />,
    width: "17%",
    sortable: false,
  },
  {
    id: "when",
    header: "When",
    value: (trace) => trace.started_at,
    cell: (trace) => <RelativeTime value={trace.started_at} />,
    width: 104,
    sortable: false,
  },
  {
    id: "status",
    header: "Status",
    value: (trace) => trace.status,
    cell: (trace) => <StatusBadge status={trace.status} bare />,
    width: 84,
    sortable: false,
  },
  { id: "input", header: "Input", value: (trace) => trace.input_preview, cell: (trace) => (trace.withheld ? <Withheld /> : <Clip text={trace.input_preview} max="clamp(90px, 13cqw, 420px)" />), sortable: false },
  { id: "output", header: "Output", value: (trace) => trace.output_preview, cell: (trace) => (trace.withheld ? <Withheld /> : <Clip text={trace.output_preview} max="clamp(90px, 12cqw, 420px)" />), sortable: false },
  {
    id: "duration",
    header: "Duration",
    value: (trace) => trace.duration_ms,
    cell: (trace) => <Duration value={trace.duration_ms} />,
    align: "right",
    width: 92,
    sortable: false,
  },
  {
    id: "tokens",
    header: "Tokens",
    value: (trace) => trace.prompt_tokens + trace.completion_tokens,
    cell: (trace) => <Tokens trace={trace} />,
    align: "right",
    width: 84,
    sortable: false,
  },
  {
    id: "cost",
    header: "Cost",
    value: (trace) => trace.cost?.micros,
    cell: (trace) => <CostOrUnknown trace={trace} />,
    align: "right",
    width: 96,
    sortable: false,
  },
  { id: "models", header: "Models", value: (trace) => trace.models.join(", "), cell: (trace) => <Clip text={trace.models.join(", ")} max="clamp(90px, 10cqw, 260px)" />, sortable: false },
  { id: "endpoint", header: "Endpoint", value: (trace) => trace.endpoint, cell: (trace) => <Clip text={trace.endpoint} max="clamp(90px, 10cqw, 240px)" />, sortable: false },
];

/** What stands in the place of a text that was made of documents which the reader may not see. */
function Withheld() {
  return (
    <Text span size="xs" c="dimmed" title="It is made of documents with access tags that you do not have. Ask an owner of the workspace for the tags.">
      withheld
    </Text>
  );
}

function Tokens({ trace }: { readonly trace: Trace }) {
  const total = trace.prompt_tokens + trace.completion_tokens;
  if (total === 0) return null;
  return (
    <span title={`${formatNumber(trace.prompt_tokens)} prompt, ${formatNumber(trace.completion_tokens)} completion`}>
      <Num value={total} />
    </span>
  );
}

/** The present minute, counted from 1970. */
function useMinute(): number {
  const [minute, setMinute] = useState(() => Math.floor(Date.now() / 60_000));
  useInterval(
    () => {
      setMinute(Math.floor(Date.now() / 60_000));
    },
    20_000,
    { autoInvoke: true },
  );
  return minute;
}

/** The filter that the address asks for. Times are rounded to the minute, so that the list is not asked for anew all the time. */
function useFilter(): { readonly filter: TraceFilter; readonly filtered: boolean } {
  const [status] = useUrlState("status");
  const [kind] = useUrlState("kind");
  const [model] = useUrlState("model");
  const [endpoint] = useUrlState("endpoint");
  const [flow] = useUrlState("flow");
  const [text] = useUrlState("text");
  const [typed] = useUrlState("q");
  const [range] = useUrlState("range");
  const [q] = useDebouncedValue(typed, 250);
  const minute = useMinute();
  const filter = useMemo<TraceFilter>(() => {
    const since = sinceOf(range, minute * 60_000);
    const interval = intervalOf(range);
    return {
      ...(status ? { status: [status as Trace["status"]] } : {}),
      ...(kind ? { kind: [kind as SpanKind] } : {}),
      ...(model ? { model: [model] } : {}),
      ...(endpoint ? { endpoint: [endpoint] } : {}),
      ...(flow ? { flow: [flow] } : {}),
      ...(text ? { text } : {}),
      ...(q.trim() ? { q: q.trim() } : {}),
      ...(since ? { since } : {}),
      ...interval,
    };
  }, [status, kind, model, endpoint, flow, text, q, range, minute]);
  return { filter, filtered: Object.keys(filter).length > 0 };
}

function NoTraces({ filtered }: { readonly filtered: boolean }) {
  const workspace = useWorkspace();
  if (filtered)
    return (
      <EmptyState
        icon={IconListTree}
        title="No trace fits"
        text="Nothing in this time and with these filters. Widen the time range, or take a filter away."
      />
    );
  return (
    <EmptyState
      icon={IconListTree}
      title="No traces yet"
      text="Every flow run, endpoint call and model call leaves a trace: what ran, with which prompt, how long, how many tokens. Nothing has to be switched on."
    >
      <ButtonLink to="/w/$workspace/flows" params={{ workspace }}>
        Test a flow
      </ButtonLink>
    </EmptyState>
  );
}

/** What is wrong with the search, where the server could not read it. */
function problemOf(error: unknown): string | null {
  if (!(error instanceof ApiError) || error.problem.code !== "InvalidSearch") return null;
  return [error.problem.detail, error.problem.remedy].filter(Boolean).join(" ");
}

/** The whole filter as one search, for what takes no other. */
function wordsOf(filter: TraceFilter): string | null {
  const { status, kind, model, endpoint, flow, text, q } = filter;
  const fields = { status, "root.kind": kind, model, endpoint, flow };
  const chosen = Object.entries(fields).map(([field, values = []]) =>
    choosing(
      "",
      field,
      values.map((value) => searchOf(field, value)),
    ),
  );
  const terms = [...chosen, text && JSON.stringify(text), q && `(${q})`].filter(Boolean);
  return terms.length === 0 ? null : terms.join(" ");
}

/** The newest traces, asked for again all the time, but not while somebody reads further down: no row moves under the pointer. */
function useTraceList(filter: TraceFilter) {
  const workspace = useWorkspace();
  const [scrolled, setScrolled] = useState(false);
  const query = useInfiniteQuery({
    ...traces.pages(workspace, filter),
    placeholderData: (before) => before,
    // A tab that nobody sees does not ask at all.
    refetchInterval: ({ state }) => (scrolled || (state.data?.pages.length ?? 1) > 1 ? false : REFRESH_MS),
  });
  const rows = useMemo(() => query.data?.pages.flatMap((page) => page.items) ?? [], [query.data]);
  const paused = scrolled || (query.data?.pages.length ?? 1) > 1;
  return { query, rows, paused, setScrolled };
}

function LiveNote({ rows, paused }: { readonly rows: number; readonly paused: boolean }) {
  if (rows === 0) return null;
  return (
    <Tooltip label={paused ? "The list waits while you read further down. Go back to its top for new traces." : "New traces come by themselves."}>
      <Text size="xs" c="dimmed" mr={8} role="status">
        {paused ? "Paused" : "Live"}
      </Text>
    </Tooltip>
  );
}

/** The two chosen traces, the older at the left; null unless two are chosen. */
function pairOf(rows: readonly Trace[], chosen: ReadonlySet<string>): { readonly left: string; readonly right: string } | null {
  if (chosen.size !== 2) return null;
  const [left, right] = [...chosen].sort((one, other) => startOf(rows, one).localeCompare(startOf(rows, other)));
  return left !== undefined && right !== undefined ? { left, right } : null;
}

function startOf(rows: readonly Trace[], id: string): string {
  return rows.find((trace) => trace.trace_id === id)?.started_at ?? "";
}

function CompareChosen({ rows, chosen }: { readonly rows: readonly Trace[]; readonly chosen: ReadonlySet<string> }) {
  const workspace = useWorkspace();
  const pair = pairOf(rows, chosen);
  if (!pair) return null;
  return (
    <ButtonLink variant="default" leftSection={<IconGitCompare size={15} />} to="/w/$workspace/traces/compare" params={{ workspace }} search={pair as never}>
      Compare
    </ButtonLink>
  );
}

/** Whether facets stand beside the list, and the columns for which there is room then. */
function useFacets() {
  const [beside, setBeside] = useLocalStorage({ key: "flowyard-facets", defaultValue: window.innerWidth >= ROOM_FOR_FACETS, getInitialValueInEffect: false });
  const roomy = useMediaQuery(`(min-width: ${String(ROOM_FOR_ALL)}px)`, window.innerWidth >= ROOM_FOR_ALL, { getInitialValueInEffect: false });
  // What the facets say of all rows needs no column where there is little room.
  return { beside, setBeside, columns: beside && !roomy ? COLUMNS.filter((column) => !IN_FACETS.has(column.id)) : COLUMNS };
}

function More({ query }: { readonly query: ReturnType<typeof useTraceList>["query"] }) {
  if (!query.hasNextPage) return null;
  return (
    <Center p="sm">
      <Button
        variant="default"
        size="compact-md"
        loading={query.isFetchingNextPage}
        onClick={() => {
          void query.fetchNextPage();
        }}
      >
        Load older traces
      </Button>
    </Center>
  );
}

function Failure({ query }: { readonly query: ReturnType<typeof useTraceList>["query"] }) {
  if (!query.error || query.data) return null;
  return (
    <ErrorPanel
      error={query.error}
      onRetry={() => {
        void query.refetch();
      }}
    />
  );
}

/** What ran, newest first. */
export function TracesPage() {
  const workspace = useWorkspace();
  const { filter, filtered } = useFilter();
  const { query, rows, paused, setScrolled } = useTraceList(filter);
  const off = whyReadOnly(useRights(workspace));
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const [opened, { open, close }] = useDisclosure(false);
  const { beside, setBeside, columns } = useFacets();
  const empty = query.data !== undefined && rows.length === 0;
  const problem = problemOf(query.error);
  const tools = !empty || filtered;
  return (
    <Page fill>
      <PageHeader title="Traces" meta="What ran: every call with its steps, prompts, times, tokens and cost.">
        <LiveNote rows={rows.length} paused={paused} />
        <ButtonLink variant="default" leftSection={<IconMessages size={15} />} to="/w/$workspace/traces/sessions" params={{ workspace }}>
          Sessions
        </ButtonLink>
        <ButtonLink variant="default" leftSection={<IconUsers size={15} />} to="/w/$workspace/traces/users" params={{ workspace }}>
          Users
        </ButtonLink>
        <ButtonLink variant="default" leftSection={<IconShieldLock size={15} />} to="/w/$workspace/telemetry/policy" params={{ workspace }}>
          Privacy
        </ButtonLink>
        <CompareChosen rows={rows} chosen={chosen} />
        {!empty && (
          <GuardedButton off={off} variant="default" leftSection={<IconDatabasePlus size={15} />} onClick={open}>
            {chosen.size > 0 ? `Add ${formatNumber(chosen.size)} to data set` : "Add to data set"}
          </GuardedButton>
        )}
      </PageHeader>
      <ToData opened={opened} onClose={close} traceIds={[...chosen]} search={{ q: wordsOf(filter), since: filter.since ?? null, until: filter.until ?? null }} />
      {tools && (
        <TraceFilters
          rows={rows}
          hasMore={query.hasNextPage}
          problem={problem}
          shown={beside}
          onShow={() => {
            setBeside(true);
          }}
        />
      )}
      {problem === null && <Failure query={query} />}
      <div className={classes.beside}>
        {beside && tools && problem === null && (
          <Facets
            filter={filter}
            onClose={() => {
              setBeside(false);
            }}
          />
        )}
        <div className={classes.list}>
          {query.isPending && <TableSkeleton columns={8} />}
          {empty && <NoTraces filtered={filtered} />}
          {rows.length > 0 && (
            <DataTable
              name="traces"
              plain
              selection={{ ids: chosen, set: setChosen, label: (trace) => trace.name }}
              columns={columns}
              rows={rows}
              rowId={(trace) => trace.trace_id}
              rowLink={(trace) => linkOptions({ to: "/w/$workspace/traces/$traceId", params: { workspace, traceId: trace.trace_id } })}
              footer={<More query={query} />}
              onScrolled={setScrolled}
            />
          )}
        </div>
      </div>
    </Page>
  );
}
