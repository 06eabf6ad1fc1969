import { IconArrowRight } from "@tabler/icons-react";
import type { Overview } from "@/api/types";
import { ButtonLink } from "@/ui/links";
import { StatusIcon } from "@/ui/StatusBadge";
import { stepsOf } from "../logic";
import classes from "./Home.module.css";

interface NextStepsProps {
  stages: Overview["stages"];
  requests: number;
  workspace: string;
}

/** The next step from a fresh workspace to an answering endpoint; nothing once all are done. */
export function NextSteps({ stages, requests, workspace }: NextStepsProps) {
  const steps = stepsOf(stages, requests);
  const next = steps.find((step) => !step.done);
  if (!next) return null;
  return (
    <section className={classes.next} aria-label="What to do next">
      <div className={classes.nextText}>
        <b>Next: {next.title.charAt(0).toLowerCase() + next.title.slice(1)}.</b> {next.text}
        <div className={classes.steps}>
          {steps.map((step) => (
            <span key={step.key} className={classes.state}>
              <StatusIcon tone={step.done ? "good" : step === next ? "waiting" : "idle"} size={13} />
              {step.title}
            </span>
          ))}
        </div>
      </div>
      <ButtonLink to={next.to} params={{ workspace }} rightSection={<IconArrowRight size={15} />}>
        {next.action}
      </ButtonLink>
    </section>
  );
}
