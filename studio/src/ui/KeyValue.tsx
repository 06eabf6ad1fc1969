import { Fragment, type ReactNode } from "react";
import classes from "./KeyValue.module.css";

/** Facts in two columns. Entries whose value is undefined, null or false are left out. */
export function KeyValue({ entries }: { entries: [label: string, value: ReactNode][] }) {
  return (
    <dl className={classes.list}>
      {entries
        .filter(([, value]) => value !== undefined && value !== null && value !== false)
        .map(([label, value]) => (
          <Fragment key={label}>
            <dt>{label}</dt>
            <dd>{value}</dd>
          </Fragment>
        ))}
    </dl>
  );
}
