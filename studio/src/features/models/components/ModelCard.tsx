import { Progress, Tooltip } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import type { Model } from "@/api/types";
import { formatBytes, formatCount, formatNumber } from "@/lib/format";
import { StatusBadge, type Tone } from "@/ui/StatusBadge";
import { known, STATES, TASKS } from "../tasks";
import classes from "./Models.module.css";

const FITS: Record<NonNullable<Model["runs_here"]>, { readonly label: string; readonly tone: Tone }> = {
  yes: { label: "Runs here", tone: "good" },
  no: { label: "Too large here", tone: "off" },
  unknown: { label: "Unknown", tone: "idle" },
};

/** Whether this machine has the memory, and why. */
export function RunsHere({ model }: { readonly model: Pick<Model, "runs_here" | "runs_here_reason"> }) {
  const fit = FITS[model.runs_here ?? "unknown"];
  return (
    <Tooltip label={model.runs_here_reason ?? ""} disabled={!model.runs_here_reason} maw={320}>
      <span>
        <StatusBadge bare status={model.runs_here ?? "unknown"} tone={fit.tone} label={fit.label} />
      </span>
    </Tooltip>
  );
}

function factsOf(model: Model): readonly string[] {
  const facts = [TASKS[model.task].label];
  if (model.parameters !== null) facts.push(`${formatCount(model.parameters)} parameters`);
  if (model.bytes_total !== null && model.access !== "connection") facts.push(formatBytes(model.bytes_total));
  if (model.context_length !== null) facts.push(`${formatNumber(model.context_length)} tokens`);
  return [...facts, model.license];
}

/** A model in the catalog's grid. */
export function ModelCard({ model, workspace }: { model: Model; workspace: string }) {
  const task = TASKS[model.task];
  const Icon = task.icon;
  return (
    <Link to="/w/$workspace/models/$name" params={{ workspace, name: model.name }} className={classes.card}>
      <div className={classes.top}>
        <span className={classes.icon}>
          <Icon size={19} stroke={1.6} aria-hidden />
        </span>
        <div className={classes.name}>
          <div className={`${classes.title} fy-truncate`} title={model.display_name}>
            {model.display_name}
          </div>
          <div className={`${classes.publisher} fy-truncate`}>{model.publisher}</div>
        </div>
        <StatusBadge status={model.state} label={STATES[model.state]} />
      </div>
      <div className={classes.text}>{model.description}</div>
      {model.state === "pulling" && model.bytes_total !== null && model.bytes_total > 0 && <Progress size={4} value={(model.bytes_present / model.bytes_total) * 100} aria-label="Share pulled" />}
      <div className={classes.facts}>
        {factsOf(model).map((fact) => (
          <span key={fact} className={classes.fact}>
            {fact}
          </span>
        ))}
        {model.parameters === null && model.access !== "connection" && <span className={classes.fact}>{known(null, String)} parameters</span>}
        {model.access !== "connection" && <RunsHere model={model} />}
      </div>
    </Link>
  );
}
