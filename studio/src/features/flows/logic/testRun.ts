import { readProblem } from "@/api/problem";
import type { FlowTestEvent, NodeResult, Problem } from "../model";
import type { Made } from "./stale";

export type RunPhase = "idle" | "running" | "completed" | "failed" | "stopped";

/** The part of a flow that runs: a node alone, or `onward` with all that uses what it gives. */
export interface RunPart {
  readonly node: string;
  readonly onward: boolean;
}

/** A test run as far as it has come. */
export interface TestRun {
  readonly phase: RunPhase;
  readonly traceId: string | null;
  /** What the run was of; null: the whole flow. */
  readonly part: RunPart | null;
  /** The nodes that run; the results of all others are those of earlier runs. */
  readonly chosen: readonly string[];
  readonly nodes: Readonly<Record<string, NodeResult>>;
  /** What each of these results was made of. */
  readonly made: Readonly<Record<string, Made>>;
  /** Streamed text by output, until the final outputs are here. */
  readonly streamed: Readonly<Record<string, string>>;
  readonly outputs: Readonly<Record<string, unknown>> | null;
  readonly metrics: Readonly<Record<string, unknown>> | null;
  readonly warnings: readonly string[];
  readonly error: Problem | null;
  readonly durationMs: number | null;
}

export const IDLE_RUN: TestRun = {
  phase: "idle",
  traceId: null,
  part: null,
  chosen: [],
  nodes: {},
  made: {},
  streamed: {},
  outputs: null,
  metrics: null,
  warnings: [],
  error: null,
  durationMs: null,
};

/** A run of the nodes `chosen` that was just asked for; what nodes did before is kept until it begins. */
export function startedRun(before: TestRun = IDLE_RUN, part: RunPart | null = null, chosen: readonly string[] = []): TestRun {
  return { ...IDLE_RUN, phase: "running", part, chosen, nodes: before.nodes, made: before.made };
}

function withoutChosen({ nodes, part, chosen }: TestRun): TestRun["nodes"] {
  return part === null ? {} : Object.fromEntries(Object.entries(nodes).filter(([name]) => !chosen.includes(name)));
}

function withChunk(run: TestRun, output: string, text: string): TestRun {
  return { ...run, streamed: { ...run.streamed, [output]: (run.streamed[output] ?? "") + text } };
}

/** The run after one more event of its stream. */
export function applyEvent(run: TestRun, event: FlowTestEvent): TestRun {
  // A process that died says no trace, and may have died before it said anything.
  const seen = { ...run, traceId: event.trace_id || run.traceId };
  switch (event.kind) {
    case "started":
      return { ...seen, nodes: withoutChosen(run) };
    case "node":
      return event.node ? { ...seen, nodes: { ...run.nodes, [event.node.node]: event.node } } : seen;
    case "chunk":
      return event.output ? withChunk(seen, event.output, event.text ?? "") : seen;
    case "ended":
      return {
        ...seen,
        phase: event.status === "completed" ? "completed" : "failed",
        nodes: settle(run.traceId === null ? withoutChosen(run) : run.nodes),
        outputs: event.outputs ?? null,
        metrics: event.metrics ?? null,
        warnings: event.warnings ?? [],
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

/** The text that a node has streamed so far, while it runs; null where it streams none. `references`: what each flow output refers to. */
export function streamedBy(run: TestRun, node: string, references: Readonly<Record<string, string>>): string | null {
  if (run.phase !== "running" || run.nodes[node]?.status !== "running") return null;
  if (run.part && !run.part.onward) return run.part.node === node ? (run.streamed.output ?? null) : null;
  const output = Object.keys(run.streamed).find((name) => references[name] === node);
  return output === undefined ? null : (run.streamed[output] ?? null);
}

/** The tokens of all nodes of a run; null where none took any. */
export function tokensOf(run: TestRun): { readonly prompt: number; readonly completion: number } | null {
  const results = Object.values(run.nodes).filter(({ prompt_tokens, completion_tokens }) => prompt_tokens != null || completion_tokens != null);
  if (results.length === 0) return null;
  const sum = (read: (result: NodeResult) => number | null | undefined) => results.reduce((total, result) => total + (read(result) ?? 0), 0);
  return { prompt: sum((result) => result.prompt_tokens), completion: sum((result) => result.completion_tokens) };
}
