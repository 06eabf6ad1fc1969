import { Group, SegmentedControl, Select, Stack, Text, UnstyledButton } from "@mantine/core";
import { IconChartHistogram } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { endpoints } from "@/api/endpoints";
import type { DeploymentUsage, Endpoint, EndpointFigures, EndpointMetrics } from "@/api/types";
import { formatBytes, formatDuration, formatMoney, formatNumber, UNKNOWN } from "@/lib/format";
import { useUrlState } from "@/lib/url";
import { useWorkspace } from "@/lib/workspace";
import { Chart } from "@/ui/Chart";
import { EmptyState } from "@/ui/EmptyState";
import { RelativeTime } from "@/ui/figures";
import { Loaded } from "@/ui/Loaded";
import { TextLink } from "@/ui/links";
import { StatusBadge } from "@/ui/StatusBadge";
import { groupOf, type Metric, REQUEST_METRICS, seriesOf, USAGE_METRICS, usageSeriesOf, usedInAll, valueOf } from "../logic/metrics";
import classes from "./MonitoringTab.module.css";

const REFRESH_MS = 10_000;
const PER_CENT = 100;
const RANGES = [
  { value: "15m", label: "15 min" },
  { value: "1h", label: "1 h" },
  { value: "24h", label: "24 h" },
  { value: "7d", label: "7 days" },
  { value: "30d", label: "30 days" },
];
const SPLITS = [
  { value: "deployment", label: "By deployment" },
  { value: "status", label: "By status" },
  { value: "error", label: "By kind of error" },
];
type By = "deployment" | "status" | "error";

function shown(metric: Metric, value: number | null, currency: string, overTime = false): string {
  if (value === null) return UNKNOWN;
  switch (metric.unit) {
    case "ms":
      return formatDuration(value);
    case "share":
      return `${formatNumber(value * PER_CENT, value > 0 && value < 0.1 ? 1 : 0)} %`;
    case "money":
      return formatMoney(String(Math.round(value)), currency);
    case "processors":
      return formatNumber(value, 2);
    case "bytes":
      return formatBytes(value);
    default:
      return formatNumber(value, overTime && value > 0 && value < 10 ? 1 : 0);
  }
}

function OverTime({ metrics, by, metric }: { readonly metrics: EndpointMetrics; readonly by: By; readonly metric: Metric }) {
  const option = useMemo(() => {
    const { times, lines } = metric.of === "requests" ? seriesOf(metrics, by, metric.name) : usageSeriesOf(metrics.usage, metric.name);
    const text = (value: unknown) => (typeof value === "number" ? shown(metric, value, metrics.currency, true) : UNKNOWN);
    return {
      xAxis: { type: "time" },
      yAxis: { type: "value", axisLabel: { formatter: text } },
      tooltip: { trigger: "axis", valueFormatter: text },
      series: lines.map(({ name, values }) => ({
        name,
        type: "line",
        showSymbol: times.length < 40,
        connectNulls: false,
        data: values.map((value, index) => [times[index], value]),
      })),
    };
  }, [metrics, by, metric]);
  const words = metric.unit === "per minute" ? "Requests a minute" : metric.label;
  const split = metric.of === "requests" ? by : "deployment";
  return (
    <section className={classes.panel} aria-label={`${words} over time`}>
      <h2>{words}</h2>
      <Chart option={option} height={260} label={`${words} over time, ${split}`} />
    </section>
  );
}

interface CardsProps {
  readonly total: EndpointFigures;
  readonly usage: readonly DeploymentUsage[];
  readonly currency: string;
  readonly chosen: string;
  readonly choose: (name: string) => void;
}

function Cards({ total, usage, currency, chosen, choose }: CardsProps) {
  return (
    <div className={classes.cards}>
      {[...REQUEST_METRICS, ...USAGE_METRICS].map((metric) => (
        <UnstyledButton
          key={metric.name}
          className={classes.cardButton}
          aria-pressed={chosen === metric.name}
          onClick={() => {
            choose(metric.name);
          }}
        >
          <Text size="xs" c="dimmed" fw={500}>
            {metric.label}
          </Text>
          <span className={classes.value}>{shown(metric, metric.of === "requests" ? valueOf(total, metric.name) : usedInAll(usage, metric.name), currency)}</span>
        </UnstyledButton>
      ))}
    </div>
  );
}

function Groups({ metrics, by, endpoint }: { readonly metrics: EndpointMetrics; readonly by: By; readonly endpoint: string }) {
  const workspace = useWorkspace();
  return (
    <section className={classes.panel} aria-label="Figures by group">
      <div style={{ overflowX: "auto" }}>
        <table className={classes.table}>
          <thead>
            <tr>
              <th scope="col">{SPLITS.find(({ value }) => value === by)?.label}</th>
              {REQUEST_METRICS.map(({ name, label }) => (
                <th key={name} scope="col" className={classes.number}>
                  {label}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {metrics.figures.map((row) => {
              const name = groupOf(row, by);
              const search = row[by] ? `endpoint:${endpoint} ${by}:${name}` : `endpoint:${endpoint}`;
              return (
                <tr key={name}>
                  <td>
                    <TextLink to="/w/$workspace/traces" params={{ workspace }} search={{ q: search } as never} inherit>
                      {name}
                    </TextLink>
                  </td>
                  {REQUEST_METRICS.map((metric) => (
                    <td key={metric.name} className={classes.number}>
                      {shown(metric, valueOf(row, metric.name), metrics.currency)}
                    </td>
                  ))}
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
    </section>
  );
}

function Errors({ metrics, endpoint }: { readonly metrics: EndpointMetrics; readonly endpoint: string }) {
  const workspace = useWorkspace();
  if (metrics.errors.length === 0) return null;
  return (
    <section className={classes.panel} aria-label="Errors by kind">
      <h2>Errors by kind</h2>
      <table className={classes.table}>
        <thead>
          <tr>
            <th scope="col">Error</th>
            <th scope="col">Deployment</th>
            <th scope="col" className={classes.number}>
              Requests
            </th>
          </tr>
        </thead>
        <tbody>
          {metrics.errors.map((each) => (
            <tr key={`${each.error ?? ""} ${each.deployment ?? ""}`}>
              <td>
                <TextLink to="/w/$workspace/traces" params={{ workspace }} search={{ q: `endpoint:${endpoint} status:error` } as never} inherit>
                  {each.error ?? "not told"}
                </TextLink>
              </td>
              <td>{each.deployment ?? "none: it was refused before"}</td>
              <td className={classes.number}>{formatNumber(each.requests)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function Usage({ usage }: { readonly usage: readonly DeploymentUsage[] }) {
  if (usage.length === 0) return null;
  return (
    <section className={classes.panel} aria-label="What replicas used">
      <h2>Processors and memory</h2>
      <table className={classes.table}>
        <thead>
          <tr>
            <th scope="col">Deployment</th>
            <th scope="col" className={classes.number}>Processors, on average</th>
            <th scope="col" className={classes.number}>Memory, on average</th>
            <th scope="col" className={classes.number}>Memory, at most</th>
          </tr>
        </thead>
        <tbody>
          {usage.map((each) => (
            <tr key={each.deployment}>
              <td>{each.deployment}</td>
              <td className={classes.number}>{formatNumber(each.cpu_cores, 2)}</td>
              <td className={classes.number}>{formatBytes(each.memory_bytes)}</td>
              <td className={classes.number}>{formatBytes(each.memory_peak_bytes)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function Load({ metrics }: { readonly metrics: EndpointMetrics }) {
  return (
    <section className={classes.panel} aria-label="Now">
      <h2>Now</h2>
      <table className={classes.table}>
        <thead>
          <tr>
            <th scope="col">Deployment</th>
            <th scope="col">State</th>
            <th scope="col" className={classes.number}>Replicas ready</th>
            <th scope="col" className={classes.number}>Under way</th>
            <th scope="col" className={classes.number}>Waiting</th>
            <th scope="col">Told</th>
          </tr>
        </thead>
        <tbody>
          {metrics.load.map((each) => (
            <tr key={each.deployment}>
              <td>{each.deployment}</td>
              <td>
                <StatusBadge bare status={each.state} />
              </td>
              <td className={classes.number}>
                {formatNumber(each.replicas_ready)} of {formatNumber(each.instances)}
              </td>
              <td className={classes.number}>{formatNumber(each.in_flight)}</td>
              <td className={classes.number}>{formatNumber(each.waiting)}</td>
              <td>
                <RelativeTime value={each.as_of} fallback="never called" />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

const NOTHING: EndpointFigures = { requests: 0, per_minute: 0, errors: 0, error_rate: 0 };

/** What the endpoint did over a period, and does now. */
export function MonitoringTab({ endpoint }: { readonly endpoint: Endpoint }) {
  const workspace = useWorkspace();
  const [range, setRange] = useUrlState("range", "1h");
  const [split, setSplit] = useUrlState("split", "deployment");
  const [chosen, choose] = useUrlState("metric", "requests");
  const by: By = split === "status" || split === "error" ? split : "deployment";
  const metric = [...REQUEST_METRICS, ...USAGE_METRICS].find(({ name }) => name === chosen) ?? REQUEST_METRICS[0];
  const asked = { since: range, by: [by] };
  const groups = useQuery({ ...endpoints.metrics(workspace, endpoint.name, asked), refetchInterval: REFRESH_MS });
  const totals = useQuery({ ...endpoints.metrics(workspace, endpoint.name, { since: range, by: ["none"] }), refetchInterval: REFRESH_MS });
  const series = useQuery({ ...endpoints.metrics(workspace, endpoint.name, { ...asked, grain: "auto" }), refetchInterval: REFRESH_MS });
  return (
    <Stack gap="md">
      <Group gap={8} role="search" aria-label="What is shown">
        <SegmentedControl size="xs" aria-label="Period" data={RANGES} value={range} onChange={setRange} />
        <Select size="xs" w={180} aria-label="Split" data={SPLITS} value={by} allowDeselect={false} onChange={setSplit} />
      </Group>
      <Loaded query={groups}>
        {(found) => (
          <>
            {found.figures.length === 0 && found.usage.length === 0 ? (
              <EmptyState icon={IconChartHistogram} title="No requests in this period" text="Every request to the endpoint counts here, a few seconds after it was answered. Widen the period, or send one from the Test tab." />
            ) : (
              <>
                <Cards total={totals.data?.figures[0] ?? NOTHING} usage={found.usage} currency={found.currency} chosen={metric?.name ?? ""} choose={choose} />
                {series.data && metric && <OverTime metrics={series.data} by={by} metric={metric} />}
                {found.figures.length > 0 && <Groups metrics={found} by={by} endpoint={endpoint.name} />}
                <Errors metrics={found} endpoint={endpoint.name} />
                <Usage usage={found.usage} />
              </>
            )}
            {found.load.length > 0 && <Load metrics={found} />}
          </>
        )}
      </Loaded>
    </Stack>
  );
}
