import { Group, SegmentedControl, Text } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { IconChevronLeft, IconChevronRight, IconListDetails } from "@tabler/icons-react";
import { memo, useMemo } from "react";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { isRunning, type LineFilter, runs } from "@/api/runs";
import { formatNumber } from "@/lib/format";
import { useUrlState } from "@/lib/url";
import { useWorkspace } from "@/lib/workspace";
import { EmptyState } from "@/ui/EmptyState";
import { ErrorPanel } from "@/ui/ErrorPanel";
import { GuardedButton } from "@/ui/GuardedButton";
import { PagedTable } from "@/ui/PagedTable";
import { WithheldNote } from "@/ui/WithheldNote";
import { TableSkeleton } from "@/ui/Skeletons";
import { FilterMenu, SearchBox } from "@/ui/TableBar";
import { useWatched } from "@/ui/useWatched";
import { parseRowId, rowIdOf, useLines } from "../hooks/useLines";
import { resultChoices, resultFilter } from "../logic/results";
import { AREA_ROWS } from "../logic/window";
import type { Run } from "../model";
import { columnsOf, isNarrow, useTraceLinks } from "./columns";
import { RowPanel } from "./RowPanel";
import classes from "./RowsTab.module.css";

/** Counts of rows that are being made are asked for this often. */
const COUNTS_MS = 5000;

function useLineFilter() {
  const [status] = useUrlState("status");
  const [score] = useUrlState("score");
  const [variant] = useUrlState("variant");
  const [typed] = useUrlState("text");
  const [sort, setSort] = useUrlState("sort", "line");
  const [text] = useDebouncedValue(typed, 250);
  const filter = useMemo<LineFilter>(
    () => ({
      sort,
      ...resultFilter(status, score),
      ...(variant ? { variant } : {}),
      ...(text ? { text } : {}),
    }),
    [status, score, variant, text, sort],
  );
  return { filter, sort, setSort, filtered: status !== "" || variant !== "" || text !== "" };
}

const Filters = memo(function Filters({ run, total }: { readonly run: Run; readonly total: number | undefined }) {
  const [text, setText] = useUrlState("text");
  const [status, setStatus] = useUrlState("status");
  const [variant, setVariant] = useUrlState("variant");
  const [score, setScore] = useUrlState("score");
  const [asked] = useDebouncedValue(text, 250);
  const variants = run.variants ?? [];
  const workspace = useWorkspace();
  const counts = useQuery({
    ...runs.lineCounts(workspace, run.name, { ...(variant ? { variant } : {}), ...(asked ? { text: asked } : {}) }),
    placeholderData: keepPreviousData,
    refetchInterval: isRunning(run) ? COUNTS_MS : false,
  });
  const scores = Object.keys(counts.data?.scores ?? {});
  return (
    <Group gap={8} role="search" aria-label="Filter rows">
      <SearchBox value={text} set={setText} placeholder="Search inputs, outputs and errors" />
      <SegmentedControl
        size="xs"
        aria-label="Result"
        className="fy-num"
        data={resultChoices(counts.data, score, status)}
        value={status}
        onChange={(next) => {
          setStatus(next || null);
        }}
      />
      {scores.length > 1 && <FilterMenu label="Score" value={score} options={scores.map((value) => ({ value, label: value }))} onChange={setScore} />}
      {variants.length > 0 && <FilterMenu label="Variant" value={variant} options={variants.map((value) => ({ value, label: value }))} onChange={setVariant} />}
      <Text size="xs" c="dimmed" ml="auto" className="fy-num" aria-live="polite">
        {total !== undefined && `${formatNumber(total)} ${total === 1 ? "row" : "rows"}`}
      </Text>
    </Group>
  );
});

interface AreasProps {
  readonly start: number;
  readonly count: number;
  readonly total: number;
  readonly onFrom: (from: string | null) => void;
}

/** Steps through a run that is longer than one scroll area. */
function Areas({ start, count, total, onFrom }: AreasProps) {
  if (total <= AREA_ROWS) return null;
  return (
    <Group gap="sm" justify="flex-end">
      <Text size="xs" c="dimmed" className="fy-num">
        {formatNumber(start + 1)} to {formatNumber(start + count)} of {formatNumber(total)}
      </Text>
      <GuardedButton
        size="compact-sm"
        variant="default"
        leftSection={<IconChevronLeft size={14} />}
        off={start === 0 ? "These are the first." : null}
        onClick={() => {
          onFrom(start - AREA_ROWS <= 0 ? null : String(start - AREA_ROWS));
        }}
      >
        Before
      </GuardedButton>
      <GuardedButton
        size="compact-sm"
        variant="default"
        rightSection={<IconChevronRight size={14} />}
        off={start + count >= total ? "These are the last." : null}
        onClick={() => {
          onFrom(String(start + AREA_ROWS));
        }}
      >
        After
      </GuardedButton>
    </Group>
  );
}

/** A run's rows, as many as there are; one that is opened shows beside them with what each node did. */
export function RowsTab({ run }: { readonly run: Run }) {
  const { filter, sort, setSort, filtered } = useLineFilter();
  const [from, setFrom] = useUrlState("from", "0");
  const [openId, open] = useUrlState("row");
  const lines = useLines(run, filter, Number(from) || 0);
  const opened = parseRowId(openId);
  const narrow = opened !== null;
  const trace = useTraceLinks();
  const columns = useMemo(() => columnsOf(run, lines.first, trace), [run, lines.first, trace]);
  useWatched(narrow ? lines.watch : undefined);
  const cramped = useMemo(() => isNarrow(lines.first, narrow), [lines.first, narrow]);
  if (lines.total === 0 && !filtered) {
    return (
      <EmptyState
        icon={IconListDetails}
        title={isRunning(run) ? "No row has ended yet" : "No rows"}
        text={isRunning(run) ? "Rows show up here as they end, with their inputs, outputs and what each node did." : "The run ended before any row did. Its error and its log say why."}
      />
    );
  }
  const step = (by: number): (() => void) | null => {
    const row = lines.neighbor(openId, by);
    return row
      ? () => {
          open(rowIdOf(row));
        }
      : null;
  };
  return (
    <div className={classes.frame}>
      <Filters run={run} total={lines.total} />
      {lines.first.some((row) => row.withheld) && (
        <WithheldNote title="Some rows are withheld from you">They read documents with access tags that you do not have. An owner of the workspace gives tags on the page Access.</WithheldNote>
      )}
      {lines.error && <ErrorPanel error={lines.error} onRetry={() => void lines.retry()} />}
      {lines.pending && lines.total === undefined && <TableSkeleton columns={6} />}
      {lines.total !== undefined && (
        <div className={opened ? `${classes.area} ${classes.withPanel}` : classes.area}>
          <div className={cramped ? `${classes.table} ${classes.narrow}` : classes.table}>
            <PagedTable
              label={`Rows of ${run.name}`}
              columns={columns}
              count={lines.area.count}
              before={lines.area.start}
              rowAt={lines.rowAt}
              watch={lines.watch}
              rowId={rowIdOf}
              onRange={lines.onRange}
              sort={sort}
              onSort={setSort}
              openId={openId}
              onOpen={(row) => {
                open(rowIdOf(row) === openId ? null : rowIdOf(row));
              }}
              nothing="No row fits the search and filters."
            />
          </div>
          {opened && (
            <aside className={classes.panel} aria-label={`Row ${opened.line}`}>
              <RowPanel
                run={run}
                line={opened.line}
                variant={opened.variant}
                previous={step(-1)}
                next={step(1)}
                onClose={() => {
                  open(null);
                }}
              />
            </aside>
          )}
        </div>
      )}
      <Areas start={lines.area.start} count={lines.area.count} total={lines.total ?? 0} onFrom={setFrom} />
    </div>
  );
}
