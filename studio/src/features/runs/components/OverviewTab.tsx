import { Alert, Group, Stack, Text } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { isRunning } from "@/api/runs";
import { readProblem } from "@/api/problem";
import { useJob } from "@/api/useJob";
import { formatDuration, formatNumber, UNKNOWN } from "@/lib/format";
import { useNow } from "@/lib/now";
import { useWorkspace } from "@/lib/workspace";
import { CopyButton } from "@/ui/CopyButton";
import { ErrorPanel } from "@/ui/ErrorPanel";
import { Cost, Num, RelativeTime } from "@/ui/figures";
import { JobPanel } from "@/ui/JobPanel";
import { KeyValue } from "@/ui/KeyValue";
import { TextLink } from "@/ui/links";
import { doneOf, tookMs } from "../logic/progress";
import { cellText } from "../logic/values";
import type { Run } from "../model";
import { EvaluateButton } from "./EvaluateButton";
import { FirstRows, RunScores } from "./FirstRows";
import { FlowName } from "./FlowName";
import { MetricsTable, metricsOf } from "./MetricsTable";
import classes from "./OverviewTab.module.css";
import { RunProgress } from "./RunProgress";
import { UnreadAnswers } from "./UnreadAnswers";

const WORKS_ON = ["runs", "overview"] as const;

function Figure({ label, children }: { readonly label: string; readonly children: ReactNode }) {
  return (
    <div>
      <dt>{label}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function Progress({ run }: { readonly run: Run }) {
  const now = useNow(isRunning(run));
  const counts = run.counts ?? {};
  const done = doneOf(counts);
  const took = tookMs(run, now);
  const tokens = (counts.prompt_tokens ?? 0) + (counts.completion_tokens ?? 0);
  return (
    <section className={classes.card} aria-label="Progress">
      <h2 className={classes.title}>Progress</h2>
      <div role="status" aria-live="off">
        <RunProgress run={run} />
      </div>
      <dl className={classes.figures}>
        <Figure label="Completed">{formatNumber(done.completed)}</Figure>
        <Figure label="Failed">
          <Text span inherit c={done.failed > 0 ? "var(--fy-bad)" : undefined}>
            {formatNumber(done.failed)}
          </Text>
        </Figure>
        <Figure label={isRunning(run) ? "Running for" : "Took"}>{took === null ? UNKNOWN : formatDuration(took)}</Figure>
        <Speed rows={rowsPerSecond(run, done.done, took)} />
        {tokens > 0 && (
          <Figure label="Tokens">
            <Num value={tokens} />{" "}
            <span className={classes.small}>
              {formatNumber(counts.prompt_tokens ?? 0)} → {formatNumber(counts.completion_tokens ?? 0)}
            </span>
          </Figure>
        )}
        {tokens > 0 && (
          <Figure label="Cost">
            <Cost value={counts.cost} />
            {(counts.unpriced_calls ?? 0) > 0 && counts.cost && (
              <span className={classes.small}> + {formatNumber(counts.unpriced_calls ?? 0)} calls of unknown price</span>
            )}
          </Figure>
        )}
      </dl>
      <FailedRows run={run} failed={done.failed} />
    </section>
  );
}

function rowsPerSecond(run: Run, done: number, took: number | null): number | null {
  return run.counts?.rows_per_second ?? (took !== null && took > 0 && done > 0 && !isRunning(run) ? done / (took / 1000) : null);
}

/** How fast rows go: in the unit in which it is a number that says something. */
function Speed({ rows }: { readonly rows: number | null }) {
  if (rows === null) return <Figure label="Rows/s">{UNKNOWN}</Figure>;
  if (rows < 1) return <Figure label="Rows/min">{formatNumber(rows * 60, 1)}</Figure>;
  return <Figure label="Rows/s">{formatNumber(rows, rows < 10 ? 1 : 0)}</Figure>;
}

function aggregationWarning(run: Run): readonly string[] {
  const problem = readProblem(run.aggregation_error);
  return problem ? [`There are no metrics: the aggregation failed. ${problem.detail || problem.title} Resume the run to try it again.`] : [];
}

function FailedRows({ run, failed }: { readonly run: Run; readonly failed: number }) {
  const workspace = useWorkspace();
  if (failed === 0) return null;
  return (
    <Text size="sm">
      <TextLink to="/w/$workspace/runs/$name" params={{ workspace, name: run.name }} search={{ tab: "rows", status: "failed" } as never} inherit underline="always">
        {failed === 1 ? "See the row that failed" : `See the ${formatNumber(failed)} rows that failed`}
      </TextLink>
      {!isRunning(run) && " and run them again once the flow or the data is mended."}
    </Text>
  );
}

function Metrics({ run }: { readonly run: Run }) {
  const variants = metricsOf(run);
  const none = Object.keys(variants).length === 0;
  return (
    <section className={classes.card} aria-labelledby="run-metrics">
      <h2 className={classes.title} id="run-metrics">
        Metrics
      </h2>
      {none ? (
        <Group justify="space-between" gap="md" wrap="nowrap">
          <Text size="sm" c="dimmed">
            {run.status === "completed"
              ? "This flow has no aggregation, so it makes no metrics. An evaluation run over its outputs does."
              : "Metrics are made when all rows have ended."}
          </Text>
          {!isRunning(run) && (
            <EvaluateButton variant="default" size="compact-md" style={{ flex: "none" }} run={run.name} />
          )}
        </Group>
      ) : (
        <MetricsTable variants={variants} parts={run.metric_parts ?? {}} />
      )}
    </section>
  );
}

function RunLink({ name }: { readonly name: string }) {
  const workspace = useWorkspace();
  return (
    <TextLink to="/w/$workspace/runs/$name" params={{ workspace, name }} inherit>
      {name}
    </TextLink>
  );
}

function Short({ text, label }: { readonly text: string; readonly label: string }) {
  return (
    <span style={{ display: "inline-flex", alignItems: "center", maxWidth: "100%" }}>
      <code className="fy-truncate" style={{ fontSize: 12 }} title={text}>
        {/^[0-9a-f]{32,}$/.test(text) ? text.slice(0, 12) : text.length > 28 ? `${text.slice(0, 24)}…` : text}
      </code>
      <CopyButton value={text} label={label} size={13} />
    </span>
  );
}

function MadeFrom({ run }: { readonly run: Run }) {
  const mapping = Object.entries(run.column_mapping ?? {});
  const variants = run.variants ?? [];
  const tags = Object.entries(run.tags ?? {});
  return (
    <section className={classes.card} aria-label="Made from">
      <h2 className={classes.title}>Made from</h2>
      <KeyValue
        entries={[
          ["Flow", <FlowName key="flow" flow={run.flow} />],
          ["Snapshot", <Short key="snapshot" text={run.snapshot} label="Copy the snapshot's digest" />],
          ["Data", run.data && <Short text={run.data} label="Copy the data's reference" />],
          ["Outputs of", run.run && <RunLink name={run.run} />],
          ["Resumed from", run.resume_from && <RunLink name={run.resume_from} />],
          ["Variants", variants.length > 0 && variants.join(", ")],
          ["Tags", tags.length > 0 && tags.map(([name, value]) => `${name}: ${value}`).join(", ")],
          ["Created", <RelativeTime key="created" value={run.created_at} />],
          ["By", run.created_by],
        ]}
      />
      {mapping.length > 0 && (
        <div>
          <Text size="xs" c="dimmed" mb={6}>
            Column mapping
          </Text>
          <dl className={classes.mapping}>
            {mapping.map(([name, value]) => (
              <div key={name} style={{ display: "contents" }}>
                <dt>{name}</dt>
                <dd>{cellText(value)}</dd>
              </div>
            ))}
          </dl>
        </div>
      )}
      {run.description && <Text size="sm">{run.description}</Text>}
    </section>
  );
}

/** The job that carries the run out, while it does. */
function Carried({ run }: { readonly run: Run }) {
  const workspace = useWorkspace();
  const { job, problem } = useJob(workspace, run.job_id, WORKS_ON);
  return job ? <JobPanel job={job} workspace={workspace} streamProblem={problem} /> : null;
}

/** How far a run is, what it gave, what went wrong, and what it was made from. */
export function OverviewTab({ run }: { readonly run: Run }) {
  const problem = readProblem(run.error);
  const warnings = [...(run.warnings ?? []), ...aggregationWarning(run)];
  return (
    <div className={classes.columns}>
      <Stack gap="md" miw={0}>
        {problem && <ErrorPanel error={problem} />}
        {warnings.map((warning) => (
          <Alert key={warning} color="yellow" variant="light" icon={<IconAlertTriangle size={16} aria-hidden />} p="sm">
            {warning}
          </Alert>
        ))}
        <UnreadAnswers run={run} />
        <Progress run={run} />
        <Metrics run={run} />
        <RunScores run={run} />
        {isRunning(run) && run.job_id && <Carried run={run} />}
      </Stack>
      <MadeFrom run={run} />
      <div className={classes.wide}>
        <FirstRows run={run} />
      </div>
    </div>
  );
}
