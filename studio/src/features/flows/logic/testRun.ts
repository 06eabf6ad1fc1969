import { readProblem } from "@/api/problem";
import type { FlowTestEvent, NodeResult, Problem } from "../model";

export type RunPhase = "idle" | "running" | "completed" | "failed" | "stopped";

/** A test run as far as it has come. */
export interface TestRun {
  readonly phase: RunPhase;
  readonly traceId: string | null;
  readonly nodes: Readonly<Record<string, NodeResult>>;
  /** Streamed text by output, until the final outputs are here. */
  readonly streamed: Readonly<Record<string, string>>;
  readonly outputs: Readonly<Record<string, unknown>> | null;
  readonly error: Problem | null;
  readonly durationMs: number | null;
}

export const IDLE_RUN: TestRun = {
  phase: "idle",
  traceId: null,
  nodes: {},
  streamed: {},
  outputs: null,
  error: null,
  durationMs: null,
};

/** A run that was just asked for. */
export function startedRun(): TestRun {
  return { ...IDLE_RUN, phase: "running" };
}

function withChunk(run: TestRun, output: string, text: string): TestRun {
  return { ...run, streamed: { ...run.streamed, [output]: (run.streamed[output] ?? "") + text } };
}

/** The run after one more event of its stream. */
export function applyEvent(run: TestRun, event: FlowTestEvent): TestRun {
  const seen = { ...run, traceId: event.trace_id };
  switch (event.kind) {
    case "started":
      return seen;
    case "node":
      return event.node ? { ...seen, nodes: { ...run.nodes, [event.node.node]: event.node } } : seen;
    case "chunk":
      return event.output ? withChunk(seen, event.output, event.text ?? "") : seen;
    case "ended":
      return {
        ...seen,
        phase: event.status === "completed" ? "completed" : "failed",
        outputs: event.outputs ?? null,
        error: readProblem(event.error) ?? null,
        durationMs: event.duration_ms ?? null,
      };
  }
}

/** Nodes that were under way count as canceled: nothing more will be heard of them. */
function settle(nodes: TestRun["nodes"]): TestRun["nodes"] {
  return Object.fromEntries(
    Object.entries(nodes).map(([name, node]) => [
      name,
      node.status === "running" || node.status === "pending" ? { ...node, status: "canceled" as const } : node,
    ]),
  );
}

/** The run when the user stops it. */
export function stopRun(run: TestRun): TestRun {
  return run.phase === "running" ? { ...run, phase: "stopped", nodes: settle(run.nodes) } : run;
}

/** The run when its stream breaks, or could not begin. */
export function breakRun(run: TestRun, error: Problem): TestRun {
  return run.phase === "running" ? { ...run, phase: "failed", error, nodes: settle(run.nodes) } : run;
}

/** What to show for each output now: its final value, or the text streamed so far. */
export function shownOutputs(run: TestRun): Readonly<Record<string, unknown>> {
  return run.outputs ?? run.streamed;
}
