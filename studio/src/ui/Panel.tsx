import type { ReactNode } from "react";
import classes from "./Panel.module.css";

interface SectionProps {
  title: ReactNode;
  /** Facts or buttons at the title's right. */
  aside?: ReactNode;
  children: ReactNode;
}

/** A titled part of a side panel. */
export function Section({ title, aside, children }: SectionProps) {
  return (
    <section className={classes.section}>
      <div className={classes.sectionHead}>
        <h2>{title}</h2>
        {aside}
      </div>
      {children}
    </section>
  );
}

interface SplitProps {
  /** The part that takes what is left. */
  main: ReactNode;
  side: ReactNode;
  /** The side's name for screen readers. */
  label: string;
  /** The side's width in pixels, or as CSS. */
  width?: number | string;
}

/** A work area with a panel at its right; both fill the height and scroll by themselves. */
export function Split({ main, side, label, width = 420 }: SplitProps) {
  return (
    <div className={classes.split} style={{ gridTemplateColumns: `minmax(0, 1fr) ${typeof width === "number" ? `${width}px` : width}` }}>
      <div className={classes.main}>{main}</div>
      <aside className={classes.side} aria-label={label}>
        {side}
      </aside>
    </div>
  );
}

interface PanelProps {
  /** Stays above while the rest scrolls. */
  head: ReactNode;
  children: ReactNode;
}

/** The inside of a side panel: a head that stays, a body that scrolls. */
export function Panel({ head, children }: PanelProps) {
  return (
    <div className={classes.panel}>
      <div className={classes.head}>{head}</div>
      <div className={classes.body}>{children}</div>
    </div>
  );
}
