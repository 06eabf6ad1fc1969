import { useCallback, useEffect, useRef, useState } from "react";
import { asProblem } from "@/api/problem";
import { applyEvent, breakRun, IDLE_RUN, startedRun, stopRun, type TestRun } from "../logic/testRun";
import { CUT_SHORT, streamTest } from "./streamTest";

export interface FlowTester {
  readonly run: TestRun;
  readonly start: (inputs: Readonly<Record<string, unknown>>) => void;
  readonly stop: () => void;
}

/** Runs a flow once at a time and follows it, node by node. A new start stops the run before; leaving the page does too. */
export function useFlowTest(workspace: string, flow: string): FlowTester {
  const [run, setRun] = useState<TestRun>(IDLE_RUN);
  const current = useRef<AbortController | null>(null);

  const stop = useCallback(() => {
    current.current?.abort();
    current.current = null;
    setRun(stopRun);
  }, []);

  const start = useCallback(
    (inputs: Readonly<Record<string, unknown>>) => {
      current.current?.abort();
      const own = new AbortController();
      current.current = own;
      setRun(startedRun());
      const update = (change: (run: TestRun) => TestRun): void => {
        if (current.current === own) setRun(change);
      };
      streamTest(
        { workspace, flow },
        inputs,
        (event) => {
          update((before) => applyEvent(before, event));
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
      setRun(IDLE_RUN);
    },
    [workspace, flow],
  );
  return { run, start, stop };
}
