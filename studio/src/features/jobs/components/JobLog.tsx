import { useEffect, useRef } from "react";
import type { JobLogLine } from "@/api/useJob";
import classes from "./JobLog.module.css";

/** What a job said, newest last; stays at the end while it is there. */
export function JobLog({ lines }: { lines: JobLogLine[] }) {
  const box = useRef<HTMLDivElement>(null);
  const atEnd = useRef(true);
  useEffect(() => {
    const element = box.current;
    if (element && atEnd.current) element.scrollTop = element.scrollHeight;
  }, [lines]);
  return (
    <div
      ref={box}
      className={classes.log}
      tabIndex={0}
      role="log"
      aria-label="Log"
      onScroll={(event) => {
        const { scrollTop, scrollHeight, clientHeight } = event.currentTarget;
        atEnd.current = scrollHeight - scrollTop - clientHeight < 24;
      }}
    >
      {lines.length === 0 && <span className={classes.at}>This job wrote no log.</span>}
      {lines.map((line) => (
        <div key={line.sequence} className={classes.line}>
          <time className={classes.at} dateTime={line.at}>
            {new Date(line.at).toLocaleTimeString(undefined, { hour12: false })}
          </time>
          <span>{line.message}</span>
        </div>
      ))}
    </div>
  );
}
