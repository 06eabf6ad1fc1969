import { Group, Select, SegmentedControl, Text } from "@mantine/core";
import { IconChartHistogram } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { telemetry } from "@/api/telemetry";
import type { Figures, FiguresQuery } from "@/api/types";
import { formatNumber } from "@/lib/format";
import { useUrlState } from "@/lib/url";
import { useWorkspace } from "@/lib/workspace";
import { Chart } from "@/ui/Chart";
import { EmptyState } from "@/ui/EmptyState";
import { ErrorPanel } from "@/ui/ErrorPanel";
import { ButtonLink, TextLink } from "@/ui/links";
import { Page, PageHeader } from "@/ui/Page";
import { TableSkeleton } from "@/ui/Skeletons";
import { SearchBox } from "@/ui/TableBar";
import { Cards, METRICS, shown } from "./components/Cards";
import classes from "./components/Usage.module.css";
import { groupName, indexOf, MOST_SERIES, searchFor, seriesOf, totalOf } from "@/api/figures";

const SHOWN_NAME = 40;
const REFRESH_MS = 15_000;
const RANGES = [
  { value: "1h", label: "1 h" },
  { value: "24h", label: "24 h" },
  { value: "7d", label: "7 days" },
  { value: "30d", label: "30 days" },
];
const GROUPS = [
  { value: "model", label: "Model" },
  { value: "endpoint", label: "Endpoint" },
  { value: "deployment", label: "Deployment" },
  { value: "flow", label: "Flow" },
  { value: "user", label: "User" },
  { value: "key", label: "API key" },
  { value: "provider", label: "Provider" },
  { value: "status", label: "Status" },
  { value: "error", label: "Error type" },
  { value: "service", label: "Service" },
];
const SUBJECTS = [
  { value: "calls", label: "Model calls" },
  { value: "requests", label: "Requests" },
];
const TOTALS: NonNullable<FiguresQuery["measure"]> = ["count", "errors", "tokens", "cost", "unpriced", "duration_p50", "duration_p95", "first_token_p50"];
const TABLE: NonNullable<FiguresQuery["measure"]> = ["count", "errors", "prompt_tokens", "completion_tokens", "cost", "unpriced", "duration_p50", "duration_p95"];
const HEADS = ["Calls", "Errors", "Prompt tokens", "Completion tokens", "Cost", "Unknown price", "Median", "95th percentile"];

function OverTime({ figures, measure }: { readonly figures: Figures; readonly measure: string }) {
  const option = useMemo(() => {
    const { times, series } = seriesOf(figures, measure, 1);
    const line = measure.startsWith("duration") || measure.startsWith("first_token");
    const text = (value: unknown) => (typeof value === "number" ? shown(measure, value, figures.currency) : "–");
    return {
      xAxis: { type: "time" },
      yAxis: { type: "value", axisLabel: { formatter: text }, minInterval: line || measure === "cost" ? 0 : 1 },
      tooltip: { trigger: "axis", valueFormatter: text },
      series: series.map(({ name, values }) => ({
        name: name.length > SHOWN_NAME ? `${name.slice(0, SHOWN_NAME - 1)}…` : name,
        type: line ? "line" : "bar",
        ...(line ? { showSymbol: times.length < 40, connectNulls: false } : { stack: "all", barMaxWidth: 32 }),
        data: values.map((value, index) => [times[index], value]),
      })),
    };
  }, [figures, measure]);
  const label = METRICS.find((metric) => metric.name === measure)?.label ?? measure;
  return <Chart option={option} height={280} label={`${label} over time, by group`} />;
}

function Cell({ figures, row, name }: { readonly figures: Figures; readonly row: Figures["rows"][number]; readonly name: string }) {
  const value = row[indexOf(figures, name)];
  return <td className={classes.number}>{name === "unpriced" && value === 0 ? "" : shown(name, typeof value === "number" ? value : null, figures.currency)}</td>;
}

function Groups({ figures, field, heading }: { readonly figures: Figures; readonly field: string; readonly heading: string }) {
  const workspace = useWorkspace();
  return (
    <div style={{ overflowX: "auto" }}>
      <table className={classes.table}>
        <thead>
          <tr>
            <th scope="col">{heading}</th>
            {HEADS.map((head) => (
              <th key={head} scope="col" className={classes.number}>
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {figures.rows.map((row) => {
            const search = searchFor(field, row[0] ?? null);
            const name = groupName(row.slice(0, 1));
            return (
              <tr key={name}>
                <td>
                  {search === null ? (
                    <Text span inherit c="dimmed">
                      {name}
                    </Text>
                  ) : (
                    <TextLink to="/w/$workspace/traces" params={{ workspace }} search={{ q: search } as never} inherit title={`Show the traces of ${name}`}>
                      <span className={classes.name}>{name}</span>
                    </TextLink>
                  )}
                </td>
                {TABLE.map((measure) => (
                  <Cell key={measure} figures={figures} row={row} name={measure} />
                ))}
              </tr>
            );
          })}
        </tbody>
      </table>
      {figures.truncated && (
        <Text size="xs" c="dimmed" mt={8}>
          The {formatNumber(figures.rows.length)} largest; there are more.
        </Text>
      )}
    </div>
  );
}

/** Tokens, costs, times and errors of what ran, by groups and over time. */
export function UsagePage() {
  const workspace = useWorkspace();
  const [range, setRange] = useUrlState("range", "24h");
  const [field, setField] = useUrlState("by", "model");
  const [of, setOf] = useUrlState("of", "calls");
  const [measure, setMeasure] = useUrlState("measure", "count");
  const [q, setQ] = useUrlState("q");
  const asked: FiguresQuery = { of: of === "requests" ? "requests" : "calls", since: range, ...(q === "" ? {} : { q }) };
  const group = [field];
  const totals = useQuery({ ...telemetry.figures(workspace, { ...asked, measure: TOTALS, compare: true }), refetchInterval: REFRESH_MS });
  const groups = useQuery({ ...telemetry.figures(workspace, { ...asked, measure: TABLE, group_by: group, limit: 100 }), refetchInterval: REFRESH_MS });
  const series = useQuery({
    ...telemetry.figures(workspace, { ...asked, measure: [measure as "count"], group_by: group, grain: "auto", limit: MOST_SERIES }),
    refetchInterval: REFRESH_MS,
  });
  const error = totals.error ?? groups.error ?? series.error;
  const heading = GROUPS.find((each) => each.value === field)?.label ?? field;
  const nothing = totalOf(totals.data, "count").now === 0;
  return (
    <Page>
      <PageHeader title="Usage" meta="What was called, how often it failed, how long it took, and what it cost." />
      <Group gap={8} role="search" aria-label="What is shown">
        <SegmentedControl size="xs" aria-label="Period" data={RANGES} value={range} onChange={setRange} />
        <SegmentedControl size="xs" aria-label="What is counted" data={SUBJECTS} value={of} onChange={setOf} />
        <Select size="xs" w={150} aria-label="Group by" data={GROUPS} value={field} allowDeselect={false} onChange={setField} />
        <SearchBox value={q} set={setQ} placeholder="Only those: status:error endpoint:…" />
      </Group>
      {error ? (
        <ErrorPanel
          error={error}
          onRetry={() => {
            void totals.refetch();
            void groups.refetch();
            void series.refetch();
          }}
        />
      ) : nothing ? (
        <EmptyState
          icon={IconChartHistogram}
          title="Nothing ran in this period"
          text="Every model call and request counts here: from flows, endpoints and applications that send their traces. Widen the period, or call something."
        >
          <ButtonLink to="/w/$workspace/models" params={{ workspace }}>
            Try a model
          </ButtonLink>
        </EmptyState>
      ) : (
        <>
          <Cards figures={totals.data} chosen={measure} choose={setMeasure} />
          <section className={classes.panel} aria-label="Over time">
            {series.data ? <OverTime figures={series.data} measure={measure} /> : <div style={{ height: 280 }} />}
          </section>
          <section className={classes.panel} aria-label={`By ${heading}`}>
            {groups.data ? <Groups figures={groups.data} field={field} heading={heading} /> : <TableSkeleton columns={8} />}
          </section>
        </>
      )}
    </Page>
  );
}
