import { CodeBlock } from "./CodeBlock";
import { CopyButton } from "./CopyButton";
import classes from "./ValueView.module.css";

interface ValueViewProps {
  value: unknown;
  /** What it is, for the copy button: "Copy output". */
  label: string;
  maxHeight?: number | string;
}

function TextBlock({ text, label, maxHeight }: { text: string; label: string; maxHeight: number | string }) {
  return (
    <div className={classes.block}>
      {/* A scrolling region has to be reachable by keyboard. */}
      <div className={classes.text} style={{ maxHeight }} tabIndex={0}>
        {text}
      </div>
      <div className={classes.copy}>
        <CopyButton value={text} label={label} />
      </div>
    </div>
  );
}

/** A value of any kind: text as text (never as HTML), everything else as JSON. */
export function ValueView({ value, label, maxHeight = 360 }: ValueViewProps) {
  if (value === undefined) return <span className={classes.absent}>not recorded</span>;
  if (value === null) return <span className={classes.absent}>null</span>;
  if (value === "") return <span className={classes.absent}>empty text</span>;
  if (typeof value === "string") return <TextBlock text={value} label={label} maxHeight={maxHeight} />;
  return <CodeBlock code={JSON.stringify(value, null, 2)} label={label} wrap maxHeight={maxHeight} />;
}
