import type { ReactNode } from "react";
import classes from "./editors.module.css";

interface EditorCardProps {
  readonly title: string;
  /** Facts or links at the title's right. */
  readonly aside?: ReactNode;
  readonly children: ReactNode;
}

/** A titled part of what defines a flow, to be edited. */
export function EditorCard({ title, aside, children }: EditorCardProps) {
  return (
    <section className={classes.card} aria-label={title}>
      <header className={classes.cardHead}>
        <h2>{title}</h2>
        {aside}
      </header>
      <div className={classes.cardBody}>{children}</div>
    </section>
  );
}
