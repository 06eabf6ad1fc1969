import { Group, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useMemo } from "react";
import { isRunning, runs } from "@/api/runs";
import { formatNumber } from "@/lib/format";
import { useWorkspace } from "@/lib/workspace";
import { TextLink } from "@/ui/links";
import { PagedTable } from "@/ui/PagedTable";
import { rowIdOf } from "../hooks/useLines";
import { doneOf } from "../logic/progress";
import type { Run } from "../model";
import { columnsOf, useTraceLinks } from "./columns";
import classes from "./OverviewTab.module.css";
import rowsTab from "./RowsTab.module.css";
import { ScoresTable } from "./ScoresTable";

const SHOWN = 8;
const LIVE_MS = 3000;
/** The scores of longer runs are in their own tab: going over all rows takes a while. */
const MOST_SCORED = 20_000;
const nothing = (): void => undefined;

/** The first rows of a run, with what came out and whether it passed; a click opens one among all rows. */
export function FirstRows({ run }: { readonly run: Run }) {
  const workspace = useWorkspace();
  const navigate = useNavigate();
  const trace = useTraceLinks();
  const { data } = useQuery({ ...runs.lines(workspace, run.name, {}, 0, SHOWN), refetchInterval: isRunning(run) ? LIVE_MS : false });
  const items = useMemo(() => data?.items ?? [], [data]);
  const columns = useMemo(() => columnsOf(run, items, trace).map(({ id, header, cell, align = "left", width = "auto" }) => ({ id, header, cell, align, width })), [run, items, trace]);
  const all = { to: "/w/$workspace/runs/$name", params: { workspace, name: run.name } } as const;
  if (items.length === 0) return null;
  return (
    <section className={classes.card}>
      <Group justify="space-between">
        <h2 className={classes.title}>First rows</h2>
        <TextLink {...all} search={{ tab: "rows" } as never} fz={13}>
          All {formatNumber(data?.total ?? 0)} rows
        </TextLink>
      </Group>
      <div className={`${rowsTab.table} ${rowsTab.narrow}`}>
        <PagedTable
          label="First rows"
          columns={columns}
          count={items.length}
          rowAt={(index) => items[index]}
          rowId={rowIdOf}
          onRange={nothing}
          sort=""
          onSort={nothing}
          onOpen={(row) => {
            void navigate({ ...all, search: { tab: "rows", row: rowIdOf(row) } as never });
          }}
          nothing=""
        />
      </div>
    </section>
  );
}

/** How the rows of a run that has ended spread over its scores. */
export function RunScores({ run }: { readonly run: Run }) {
  const workspace = useWorkspace();
  const { done } = doneOf(run.counts);
  const { data } = useQuery({ ...runs.comparison(workspace, [run.name]), enabled: !isRunning(run) && done > 0 && done <= MOST_SCORED });
  const scores = data?.scores ?? [];
  if (!data || scores.length === 0) return null;
  return (
    <section className={classes.card} aria-labelledby="run-scores">
      <h2 className={classes.title} id="run-scores">Scores of the rows</h2>
      <Text size="xs" c="dimmed">Means, and how rows spread.</Text>
      <ScoresTable sides={data.sides} scores={scores} />
    </section>
  );
}
