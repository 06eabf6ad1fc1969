import { Progress } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import type { Model } from "@/api/types";
import { formatBytes, formatCount } from "@/lib/format";
import { StatusBadge } from "@/ui/StatusBadge";
import { known, STATES, TASKS } from "../tasks";
import classes from "./Models.module.css";

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
        <span className={classes.fact}>{task.label}</span>
        <span className={classes.fact}>{known(model.parameters, formatCount)} parameters</span>
        <span className={classes.fact}>{known(model.bytes_total, formatBytes)}</span>
        <span className={classes.fact}>{model.license}</span>
      </div>
    </Link>
  );
}
