import { Title } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import type { Trace } from "@/api/types";
import { Duration, RelativeTime } from "@/ui/figures";
import { TextLink } from "@/ui/links";
import { StatusIcon, toneOf } from "@/ui/StatusBadge";
import { shortName } from "../logic";
import classes from "./Home.module.css";

/** The latest calls, each a step away from its spans. */
export function RecentTraces({ traces, workspace }: { traces: Trace[]; workspace: string }) {
  return (
    <section className={classes.panel}>
      <div className={classes.panelHead}>
        <Title order={2}>Recent traces</Title>
        <TextLink to="/w/$workspace/traces" params={{ workspace }} size="sm">
          All traces
        </TextLink>
      </div>
      {traces.length === 0 && <div className={classes.none}>Every flow run, endpoint call and model call leaves a trace: what went in, what came out, how long each part took.</div>}
      {traces.map((trace) => (
        <Link key={trace.trace_id} to="/w/$workspace/traces/$traceId" params={{ workspace, traceId: trace.trace_id }} className={classes.trace}>
          <StatusIcon tone={toneOf(trace.status)} size={15} />
          <span className="fy-truncate" style={{ fontWeight: 500 }} title={trace.name}>
            {shortName(trace.name)}
          </span>
          <span className="fy-truncate" style={{ color: "var(--mantine-color-dimmed)" }}>
            {trace.input_preview}
          </span>
          <span className={classes.right}>
            <Duration value={trace.duration_ms} />
          </span>
          <span className={classes.right}>
            <RelativeTime value={trace.started_at} c="dimmed" />
          </span>
        </Link>
      ))}
    </section>
  );
}
