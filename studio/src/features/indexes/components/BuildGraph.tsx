import { Progress } from "@mantine/core";
import { IconChevronRight } from "@tabler/icons-react";
import { Fragment } from "react";
import type { Job, JobStage } from "@/api/types";
import { formatWords } from "@/lib/format";
import { useNow } from "@/lib/now";
import { stageProgress } from "@/ui/JobProgress";
import { StatusIcon, toneOf } from "@/ui/StatusBadge";
import classes from "./BuildGraph.module.css";

interface StepProps {
  readonly stage: JobStage;
  readonly chosen: boolean;
  readonly choose: () => void;
}

function Step({ stage, chosen, choose }: StepProps) {
  const now = useNow(stage.status === "running");
  const { done, total, detail, status } = stage;
  const counts = status === "running" && typeof done === "number" && typeof total === "number" && total > 0;
  const [amount, ...rest] = stageProgress(stage, now).split(" · ");
  return (
    <button type="button" className={status === "pending" ? `${classes.step} ${classes.pending}` : classes.step} aria-pressed={chosen} onClick={choose}>
      <span className={classes.name}>
        <StatusIcon tone={toneOf(status)} />
        {formatWords(stage.name)}
      </span>
      <span className={classes.amount}>{amount === undefined || amount === "" ? (status === "pending" ? "Waiting" : "–") : amount}</span>
      <span className={classes.rest}>{rest.join(" · ")}</span>
      {detail && (
        <span className={classes.rest} title={detail}>
          {detail}
        </span>
      )}
      {counts && <Progress size={4} mt="auto" value={(done / total) * 100} transitionDuration={150} aria-label={`${formatWords(stage.name)}, share done`} />}
    </button>
  );
}

interface GraphProps {
  readonly job: Job;
  readonly chosen: string;
  readonly choose: (step: string) => void;
}

/** The steps of a build in the order that documents go through them, live; one of them is looked into. */
export function BuildGraph({ job, chosen, choose }: GraphProps) {
  return (
    <div className={classes.graph} role="group" aria-label="Steps of the build">
      {job.stages.map((stage, index) => (
        <Fragment key={stage.name}>
          {index > 0 && <IconChevronRight className={classes.arrow} size={16} aria-hidden />}
          <Step stage={stage} chosen={stage.name === chosen} choose={() => choose(stage.name)} />
        </Fragment>
      ))}
    </div>
  );
}
