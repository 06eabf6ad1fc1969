import { useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useRef, useState } from "react";
import { asProblem } from "@/api/problem";
import { chosenBy, requestOf } from "../logic/parts";
import { type NodeTexts, withMade } from "../logic/stale";
import { applyEvent, breakRun, IDLE_RUN, type RunPart, startedRun, stopRun, type TestRun } from "../logic/testRun";
import type { FlowGraph } from "../model";
import { CUT_SHORT, streamTest } from "./streamTest";

/** A test run to begin: the part, what to ask for, and the flow as it is. */
export interface TestStart {
  readonly part: RunPart | null;
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly graph: FlowGraph;
  readonly texts: NodeTexts;
}

export interface FlowTester {
  readonly run: TestRun;
  /** Begins a run; what the nodes that do not run did before is kept. */
  readonly start: (given: TestStart) => void;
  readonly stop: () => void;
}

const HOUR_MS = 3_600_000;

function keyOf(workspace: string, flow: string): readonly string[] {
  return ["flow-test", workspace, flow];
}

/**
 * Runs a flow, or a part of it, once at a time and follows it, node by node. A new start stops the run before; leaving the page does too.
 * For one flow as long as it is mounted: what came last is there again when the page is opened again
 * within the hour.
 */
export function useFlowTest(workspace: string, flow: string): FlowTester {
  const client = useQueryClient();
  const [run, setRun] = useState(() => client.getQueryData<TestRun>(keyOf(workspace, flow)) ?? IDLE_RUN);
  const shown = useRef(run);
  const current = useRef<AbortController | null>(null);
  useEffect(() => {
    shown.current = run;
  }, [run]);

  const stop = useCallback(() => {
    current.current?.abort();
    current.current = null;
    setRun(stopRun);
  }, []);

  const start = useCallback(
    (given: TestStart) => {
      const chosen = chosenBy(given.graph, given.part);
      current.current?.abort();
      const own = new AbortController();
      current.current = own;
      setRun((before) => startedRun(stopRun(before), given.part, chosen));
      const update = (change: (run: TestRun) => TestRun): void => {
        if (current.current === own) setRun(change);
      };
      streamTest(
        { workspace, flow },
        requestOf(given.part, chosen, given.inputs, shown.current.nodes),
        (event) => {
          update((before) => {
            const after = applyEvent(before, event);
            return event.node ? withMade(after, event.node.node, given.graph, given.texts) : after;
          });
        },
        own.signal,
      )
        .then(() => {
          update((before) => breakRun(before, CUT_SHORT));
        })
        .catch((error: unknown) => {
          if (!own.signal.aborted) update((before) => breakRun(before, asProblem(error)));
        });
    },
    [workspace, flow],
  );

  useEffect(
    () => () => {
      current.current?.abort();
      current.current = null;
      const key = keyOf(workspace, flow);
      client.setQueryDefaults(key, { gcTime: HOUR_MS });
      client.setQueryData(key, stopRun(shown.current));
    },
    [client, workspace, flow],
  );
  return { run, start, stop };
}
