import { CodeBlock } from "./CodeBlock";
import { CopyButton } from "./CopyButton";
import { imagesIn, withoutBytes } from "./images/images";
import { Pictures } from "./images/Picture";
import classes from "./ValueView.module.css";

interface ValueViewProps {
  value: unknown;
  /** What it is, for the copy button: "Copy output". */
  label: string;
  maxHeight?: number | string;
  /** What is said where there is none. */
  absent?: string | undefined;
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

/** A value of any kind: text as text (never as HTML), everything else as JSON, with the images in it above. */
export function ValueView({ value, label, maxHeight = 360, absent = "not recorded" }: ValueViewProps) {
  if (value === undefined) return <span className={classes.absent}>{absent}</span>;
  if (value === null) return <span className={classes.absent}>null</span>;
  if (value === "") return <span className={classes.absent}>empty text</span>;
  const images = imagesIn(value).filter(({ src }) => src !== null);
  if (typeof value === "string" && images.length === 0) return <TextBlock text={value} label={label} maxHeight={maxHeight} />;
  const whole = JSON.stringify(value, null, 2);
  if (images.length === 0) return <CodeBlock code={whole} label={label} wrap maxHeight={maxHeight} />;
  return (
    <div className={classes.illustrated}>
      <Pictures images={images} what="Image" />
      <CodeBlock code={JSON.stringify(withoutBytes(value), null, 2)} copied={whole} label={label} wrap maxHeight={maxHeight} />
    </div>
  );
}
