import { Group, SegmentedControl, Select, Text, Title } from "@mantine/core";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import type { EChartsCoreOption } from "echarts/core";
import { type ReactNode, useMemo } from "react";
import { runs } from "@/api/runs";
import { telemetry } from "@/api/telemetry";
import type { Figures, FiguresQuery } from "@/api/types";
import { changeOf, seriesOf, totalOf } from "@/api/figures";
import { formatCount, formatDuration, formatMoney, formatNumber, formatRelative } from "@/lib/format";
import { useNow } from "@/lib/now";
import { useUrlState } from "@/lib/url";
import { Chart } from "@/ui/Chart";
import { TextLink } from "@/ui/links";
import { bucketAt, differenceWords, type Metric, metricsOf, metricWords } from "../trends";
import classes from "./Home.module.css";

const RANGES = [
  { value: "24h", label: "24 h" },
  { value: "7d", label: "7 days" },
  { value: "30d", label: "30 days" },
];
const REFRESH_MS = 30_000;
const HEIGHT = 112;
const GRID = { left: 0, right: 4, top: 8, bottom: 3, containLabel: true };
const MEASURES: NonNullable<FiguresQuery["measure"]> = ["count", "errors", "tokens", "cost", "unpriced", "duration_p95"];

interface TrendProps {
  readonly title: string;
  readonly value: ReactNode;
  readonly beside: ReactNode;
  readonly control?: ReactNode;
  readonly children: ReactNode;
}

function Trend({ title, value, beside, control, children }: TrendProps) {
  return (
    <section className={classes.trend} aria-label={title}>
      <div className={classes.trendHead}>
        <Text size="xs" c="dimmed" fw={500}>
          {title}
        </Text>
        {control}
      </div>
      <div className={classes.trendFigures}>
        <span className={classes.figureValue}>{value}</span>
        <Text span size="xs" c="dimmed" className="fy-truncate fy-num">
          {beside}
        </Text>
      </div>
      {children}
    </section>
  );
}

function Nothing({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <section className={classes.trend} aria-label={title}>
      <Text size="xs" c="dimmed" fw={500}>
        {title}
      </Text>
      <Text size="sm" c="dimmed" mt={6}>
        {children}
      </Text>
    </section>
  );
}

/** Bars or a line over the time of figures that are not in groups. */
function overTime(figures: Figures, measure: string, text: (value: number) => string, kind: "bar" | "line", axis = text): EChartsCoreOption {
  const { times, series } = seriesOf(figures, measure, 0);
  const said = (value: unknown) => (typeof value === "number" ? text(value) : "–");
  return {
    grid: GRID,
    legend: { show: false },
    xAxis: { type: "time", axisLabel: { hideOverlap: true } },
    yAxis: { type: "value", axisLabel: { formatter: (value: number) => axis(value) }, splitNumber: 2 },
    tooltip: { trigger: "axis", valueFormatter: said },
    series: series.map(({ values }) => ({
      type: kind,
      name: measure,
      ...(kind === "line" ? { showSymbol: true, symbolSize: 5, connectNulls: true } : { barMaxWidth: 28 }),
      data: values.map((value, index) => [times[index], value]),
    })),
  };
}

function changeWords(change: number | null): string {
  if (change === null) return "none in the period before";
  const size = `${formatNumber(Math.abs(change) * 100)} %`;
  return change > 0.005 ? `▲ ${size} to the period before` : change < -0.005 ? `▼ ${size} to the period before` : "as in the period before";
}

const isShare = (points: Metric["points"]) => points.every(({ value }) => value >= 0 && value <= 1);

function Lines({ workspace, metric }: { readonly workspace: string; readonly metric: Metric }) {
  const navigate = useNavigate();
  const option = useMemo(
    () => ({
      grid: GRID,
      legend: { show: false },
      xAxis: { type: "category", data: metric.points.map(({ run }) => run), axisLabel: { hideOverlap: true } },
      yAxis: { type: "value", splitNumber: 2, ...(isShare(metric.points) ? { min: 0, max: 1 } : { scale: true }) },
      tooltip: { trigger: "axis", valueFormatter: (value: unknown) => (typeof value === "number" ? metricWords(value) : "–") },
      series: [{ type: "line", name: metric.name, showSymbol: true, symbolSize: 6, data: metric.points.map(({ value }) => value) }],
    }),
    [metric],
  );
  const open = (at: number): void => {
    const point = metric.points[Math.round(at)];
    if (point) void navigate({ to: "/w/$workspace/runs/$name", params: { workspace, name: point.run } });
  };
  return <Chart option={option} height={HEIGHT} onPick={open} label={`${metric.name} of the runs of ${metric.flow}: ${metric.points.map(({ run, value }) => `${run} ${metricWords(value)}`).join(", ")}`} />;
}

/** A metric of a flow's last runs. */
function Quality({ workspace }: { readonly workspace: string }) {
  const now = useNow();
  const query = useInfiniteQuery({ ...runs.pages(workspace, { status: "completed" }), refetchInterval: REFRESH_MS });
  const metrics = useMemo(() => metricsOf(query.data?.pages[0]?.items ?? []), [query.data]);
  const [key, choose] = useUrlState("metric");
  const metric = metrics.find((each) => each.key === key) ?? metrics[0];
  const last = metric?.points.at(-1);
  const before = metric?.points.at(-2);
  if (!metric || !last)
    return (
      <Nothing title="Quality">
        {query.isPending ? "" : <>What evaluations measure stands here, run by run. <TextLink to="/w/$workspace/runs" params={{ workspace }} underline="always">Evaluate a run</TextLink></>}
      </Nothing>
    );
  return (
    <Trend
      title="Quality"
      control={
        metrics.length > 1 && (
          <Select
            size="xs"
            w={210}
            aria-label="Metric"
            allowDeselect={false}
            data={metrics.map((each) => ({ value: each.key, label: `${each.name} · ${each.flow}` }))}
            value={metric.key}
            onChange={choose}
          />
        )
      }
      value={
        <TextLink to="/w/$workspace/runs/$name" params={{ workspace, name: last.run }} inherit c="inherit" title={`Open ${last.run}`}>
          {metricWords(last.value)}
        </TextLink>
      }
      beside={
        before ? (
          <TextLink to="/w/$workspace/runs/compare" params={{ workspace }} search={{ runs: `${before.run},${last.run}` } as never} inherit>
            {differenceWords(last.value - before.value)} to {before.run}
          </TextLink>
        ) : (
          `${metric.name} of ${last.run}, ${formatRelative(last.at, now)}`
        )
      }
    >
      <Lines workspace={workspace} metric={metric} />
    </Trend>
  );
}

interface OverTimeProps {
  readonly workspace: string;
  readonly range: string;
}

function useFigures(workspace: string, of: "calls" | "requests", range: string) {
  const totals = useQuery({ ...telemetry.figures(workspace, { of, since: range, measure: MEASURES, compare: true }), refetchInterval: REFRESH_MS });
  const series = useQuery({ ...telemetry.figures(workspace, { of, since: range, measure: MEASURES, grain: range === "24h" ? "hour" : "day" }), refetchInterval: REFRESH_MS });
  return { totals: totals.data, series: series.data };
}

/** Opens the traces of the hour or day that was clicked. */
function useOpenTraces(workspace: string, range: string, series: Figures | undefined, q: string | null) {
  const navigate = useNavigate();
  return (at: number): void => {
    const bucket = series && bucketAt(seriesOf(series, "count", 0).times, at, range === "24h" ? "hour" : "day");
    if (bucket) void navigate({ to: "/w/$workspace/traces", params: { workspace }, search: { range: bucket, ...(q === null ? {} : { q }) } as never });
  };
}

const paidWords = (micros: number | null, currency: string) => (micros === null ? "–" : formatMoney(String(Math.round(micros)), currency));

/** Money on an axis, where two digits are enough. */
const roundMoney = (micros: number, currency: string) => (micros / 1e6).toLocaleString("en-US", { style: "currency", currency, minimumFractionDigits: 0, maximumSignificantDigits: 2 });

/** What stands beside a sum: how much more it is than before, or that the price of some calls is not known. */
function spentBeside(totals: Figures | undefined, measure: "cost" | "tokens"): string {
  const unpriced = totalOf(totals, "unpriced").now ?? 0;
  if (measure === "cost" && unpriced > 0) return `and ${formatNumber(unpriced)} of unknown price`;
  const { now, before } = totalOf(totals, measure);
  return changeWords(changeOf(now, before));
}

/** What model calls cost, or their tokens. */
function Spending({ workspace, range }: OverTimeProps) {
  const { totals, series } = useFigures(workspace, "calls", range);
  const cost = totalOf(totals, "cost").now;
  const [chosen, choose] = useUrlState("spent", (cost ?? 0) > 0 ? "cost" : "tokens");
  const measure = chosen === "cost" ? "cost" : "tokens";
  const currency = totals?.currency ?? "USD";
  const open = useOpenTraces(workspace, range, series, "kind:llm");
  const option = useMemo(() => (series ? overTime(series, measure, measure === "cost" ? (value) => paidWords(value, currency) : formatCount, "bar", measure === "cost" ? (value) => roundMoney(value, currency) : formatCount) : null), [series, measure, currency]);
  if (totalOf(totals, "count").now === 0) return <Nothing title="Cost and tokens">No model was called in this period. What calls cost, and how many tokens they take, stands here.</Nothing>;
  return (
    <Trend
      title="Cost and tokens"
      control={<SegmentedControl size="xs" aria-label="Cost or tokens" data={[{ value: "cost", label: "Cost" }, { value: "tokens", label: "Tokens" }]} value={measure} onChange={choose} />}
      value={
        <TextLink to="/w/$workspace/usage" params={{ workspace }} search={{ range, measure } as never} inherit c="inherit" title="Open usage">
          {measure === "cost" ? paidWords(cost, currency) : formatCount(totalOf(totals, "tokens").now ?? 0)}
        </TextLink>
      }
      beside={spentBeside(totals, measure)}
    >
      {option ? <Chart option={option} height={HEIGHT} onPick={open} label={`${measure === "cost" ? "Cost" : "Tokens"} over time`} /> : <div style={{ height: HEIGHT }} />}
    </Trend>
  );
}

/** How many requests came, how many failed, and how long they took. */
function Requests({ workspace, range }: OverTimeProps) {
  const { totals, series } = useFigures(workspace, "requests", range);
  const [chosen, choose] = useUrlState("requests", "count");
  const count = totalOf(totals, "count").now;
  const errors = totalOf(totals, "errors").now ?? 0;
  const p95 = totalOf(totals, "duration_p95").now;
  const measure = chosen === "duration_p95" ? "duration_p95" : chosen === "errors" ? "errors" : "count";
  const open = useOpenTraces(workspace, range, series, measure === "errors" ? "status:error" : null);
  const option = useMemo(() => (series ? overTime(series, measure, measure === "duration_p95" ? formatDuration : formatCount, measure === "duration_p95" ? "line" : "bar") : null), [series, measure]);
  if (count === 0) return <Nothing title="Requests">Nothing was asked in this period. Requests, their errors and their latency stand here.</Nothing>;
  const share = count ? (errors / count) * 100 : 0;
  const words = { count: formatCount(count ?? 0), errors: formatCount(errors), duration_p95: p95 === null ? "–" : formatDuration(p95) };
  return (
    <Trend
      title="Requests"
      control={
        <SegmentedControl
          size="xs"
          aria-label="Requests, errors or latency"
          data={[{ value: "count", label: "Count" }, { value: "errors", label: "Errors" }, { value: "duration_p95", label: "P95" }]}
          value={measure}
          onChange={choose}
        />
      }
      value={
        <TextLink to="/w/$workspace/traces" params={{ workspace }} search={(measure === "errors" ? { q: "status:error" } : {}) as never} inherit c="inherit" title="Open traces">
          {words[measure]}
        </TextLink>
      }
      beside={`${formatNumber(share, share > 0 && share < 10 ? 1 : 0)} % failed · ${p95 === null ? "–" : formatDuration(p95)} at the 95th percentile`}
    >
      {option ? <Chart option={option} height={HEIGHT} onPick={open} label={`${measure === "count" ? "Requests" : measure === "errors" ? "Failed requests" : "95th percentile of the duration"} over time`} /> : <div style={{ height: HEIGHT }} />}
    </Trend>
  );
}

/** How good, how dear and how quick it was: the workspace's figures over its runs and over time. */
export function Trends({ workspace }: { readonly workspace: string }) {
  const [range, setRange] = useUrlState("range", "7d");
  return (
    <section aria-label="Trends">
      <Group justify="space-between" mb={8}>
        <Title order={2}>Trends</Title>
        <SegmentedControl size="xs" aria-label="Period" data={RANGES} value={range} onChange={setRange} />
      </Group>
      <div className={classes.trends}>
        <Quality workspace={workspace} />
        <Spending workspace={workspace} range={range} />
        <Requests workspace={workspace} range={range} />
      </div>
    </section>
  );
}
