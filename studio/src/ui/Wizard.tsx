import { Stack } from "@mantine/core";
import type { ReactNode } from "react";
import { StatusIcon } from "./StatusBadge";
import classes from "./Wizard.module.css";

export interface WizardStep {
  readonly name: string;
  /** In the list of steps. */
  readonly title: string;
  /** Above the step itself, where it says more than `title`. */
  readonly heading?: string;
  readonly done: boolean;
  readonly content: ReactNode;
}

function goTo(name: string): void {
  const step = document.getElementById(`step-${name}`);
  step?.scrollIntoView({ block: "start" });
  step?.focus({ preventScroll: true });
}

/** Steps on the left, the form in the middle, what will happen on the right. */
export function Wizard({ steps, side }: { readonly steps: readonly WizardStep[]; readonly side: ReactNode }) {
  return (
    <div className={classes.columns}>
      <nav aria-label="Steps">
        <ol className={classes.steps}>
          {steps.map(({ name, title, done }) => (
            <li key={name}>
              <a
                href={`#step-${name}`}
                onClick={(event) => {
                  event.preventDefault();
                  goTo(name);
                }}
              >
                <StatusIcon tone={done ? "good" : "waiting"} />
                {title}
              </a>
            </li>
          ))}
        </ol>
      </nav>
      <Stack gap="md" miw={0}>
        {steps.map(({ name, title, heading, content }) => (
            <section key={name} className={classes.step} id={`step-${name}`} tabIndex={-1} aria-labelledby={`title-${name}`}>
              <h2 id={`title-${name}`}>{heading ?? title}</h2>
              {content}
            </section>
        ))}
      </Stack>
      <aside className={classes.side} aria-label="What will happen">
        <h2>What will happen</h2>
        {side}
      </aside>
    </div>
  );
}
