import { Progress, Text } from "@mantine/core";
import type { Job, JobStage } from "@/api/types";
import { formatBytes, formatDuration, formatNumber, formatWords } from "@/lib/format";
import { useNow } from "@/lib/now";
import classes from "./JobProgress.module.css";
import { StatusIcon, toneOf } from "./StatusBadge";

function amount(value: number, unit: string | null | undefined): string {
  return unit === "bytes" ? formatBytes(value) : formatNumber(value);
}

function rate(stage: JobStage, done: number, elapsed: number): string[] {
  const gained = done - (stage.done_before ?? 0);
  if (elapsed <= 1000 || gained <= 0) return [];
  const perSecond = gained / (elapsed / 1000);
  const speed = stage.unit === "bytes" ? `${formatBytes(perSecond)}/s` : perSecond < 0.1 ? `${formatNumber(perSecond * 60, 1)}/min` : `${formatNumber(perSecond, perSecond < 10 ? 1 : 0)}/s`;
  const left = typeof stage.total === "number" ? stage.total - done : 0;
  return stage.status === "running" && left > 0 ? [speed, `${formatDuration((left / perSecond) * 1000)} left`] : [speed];
}

/** The milliseconds of a stage: its own, where it takes turns with others; undefined before it began. */
function timeOf({ started_at: startedAt, ended_at: endedAt, status, worked_s: worked }: JobStage, now: number): number | undefined {
  if (typeof worked === "number") return worked * 1000;
  return startedAt ? Math.max(0, (endedAt && status !== "running" ? Date.parse(endedAt) : now) - Date.parse(startedAt)) : undefined;
}

/** What a stage has done so far, how fast, and how long it still takes: "41.9 MB of 91 MB · 2 MB/s · 24.5 s left". */
export function stageProgress(stage: JobStage, now: number): string {
  const { done, total, unit } = stage;
  const parts: string[] = [];
  const elapsed = timeOf(stage, now);
  if (typeof done === "number") {
    const words = typeof total === "number" && stage.status !== "completed" ? `${amount(done, unit)} of ${amount(total, unit)}` : amount(done, unit);
    parts.push(unit && unit !== "bytes" ? `${words} ${unit}` : words);
    if (elapsed !== undefined) parts.push(...rate(stage, done, elapsed));
  }
  if (elapsed !== undefined && stage.status !== "running" && stage.status !== "pending") parts.push(formatDuration(elapsed));
  return parts.join(" · ");
}

function StageRow({ stage }: { stage: JobStage }) {
  const now = useNow(stage.status === "running");
  const counts = stage.status === "running" && typeof stage.done === "number" && typeof stage.total === "number" && stage.total > 0;
  return (
    <li className={stage.status === "pending" ? `${classes.stage} ${classes.pending}` : classes.stage}>
      <StatusIcon tone={toneOf(stage.status)} />
      <span className="fy-truncate">
        {formatWords(stage.name)}
        {stage.detail && <span className={classes.side}> · {stage.detail}</span>}
      </span>
      <span className={classes.side}>{stageProgress(stage, now)}</span>
      {counts && (
        <Progress className={classes.bar} size={5} value={((stage.done ?? 0) / (stage.total ?? 1)) * 100} transitionDuration={150} aria-label={`${formatWords(stage.name)}, share done`} />
      )}
    </li>
  );
}

/** The stages of a job with times, rate and time left, and what keeps a queued one from beginning. Follow the job with `useJob` to keep it live. */
export function JobProgress({ job }: { job: Job }) {
  return (
    <>
      {job.waiting && (
        <Text size="sm" c="var(--fy-warn)" role="status">
          It waits. {job.waiting}
        </Text>
      )}
      {job.stages.length === 0 && !job.waiting && <div className={classes.side}>{job.status === "queued" ? "Waiting for a worker" : "No stages"}</div>}
      {job.stages.length > 0 && (
        <ol className={classes.stages}>
          {job.stages.map((stage) => (
            <StageRow key={stage.name} stage={stage} />
          ))}
        </ol>
      )}
    </>
  );
}
