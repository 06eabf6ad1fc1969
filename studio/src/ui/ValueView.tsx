import { CodeBlock } from "./CodeBlock";
import classes from "./ValueView.module.css";

interface ValueViewProps {
  value: unknown;
  /** What it is, for the copy button: "Copy output". */
  label: string;
  maxHeight?: number | string;
}

/** A value of any kind: text as text (never as HTML), everything else as JSON. */
export function ValueView({ value, label, maxHeight = 360 }: ValueViewProps) {
  if (value === undefined) return <span className={classes.absent}>not recorded</span>;
  if (value === null) return <span className={classes.absent}>null</span>;
  if (typeof value === "string")
    return value === "" ? <span className={classes.absent}>empty text</span> : <CodeBlock code={value} label={label} wrap maxHeight={maxHeight} />;
  return <CodeBlock code={JSON.stringify(value, null, 2)} label={label} wrap maxHeight={maxHeight} />;
}
