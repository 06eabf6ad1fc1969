import classes from "./CodeBlock.module.css";
import { CopyButton } from "./CopyButton";

interface CodeBlockProps {
  code: string;
  /** What is copied, where it is more than what is shown. */
  copied?: string;
  label?: string;
  wrap?: boolean;
  maxHeight?: number | string;
}

/** Text to read and copy as it is: a command, a snippet, a log. */
export function CodeBlock({ code, copied = code, label = "Copy", wrap = false, maxHeight }: CodeBlockProps) {
  return (
    <div className={classes.block}>
      {/* A scrolling region has to be reachable by keyboard. */}
      <pre className={wrap ? `${classes.code} ${classes.wrap}` : classes.code} style={maxHeight === undefined ? undefined : { maxHeight }} tabIndex={0}>
        {code}
      </pre>
      <div className={classes.copy}>
        <CopyButton value={copied} label={label} />
      </div>
    </div>
  );
}
