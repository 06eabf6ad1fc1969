import { useCallback, useEffect, useRef, useState } from "react";
import { asProblem } from "@/api/problem";
import { useWorkspace } from "@/lib/workspace";
import { variantName } from "../logic/edits/variants";
import { applyEvent, breakRun, startedRun, stopRun, type TestRun } from "../logic/testRun";
import { CUT_SHORT, streamTest } from "./streamTest";

export interface VariantRuns {
  /** The last run with each variant. */
  readonly runs: Readonly<Record<string, TestRun>>;
  readonly busy: boolean;
  /** Runs the flow with each of these variants of the node, one after the other: so that none takes another's time. */
  readonly start: (node: string, ids: readonly string[], inputs: Readonly<Record<string, unknown>>) => void;
  readonly stop: () => void;
}

/** Runs of a flow with each variant of a node on the same inputs. A new start stops what runs; leaving the page does too. */
export function useVariantRuns(flow: string): VariantRuns {
  const workspace = useWorkspace();
  const [runs, setRuns] = useState<Readonly<Record<string, TestRun>>>({});
  const [busy, setBusy] = useState(false);
  const current = useRef<AbortController | null>(null);
  const stop = useCallback(() => {
    current.current?.abort();
    current.current = null;
    setBusy(false);
    setRuns((before) => Object.fromEntries(Object.entries(before).map(([id, run]) => [id, stopRun(run)])));
  }, []);
  const start = useCallback(
    (node: string, ids: readonly string[], inputs: Readonly<Record<string, unknown>>) => {
      stop();
      const own = new AbortController();
      current.current = own;
      setRuns({});
      setBusy(true);
      const runOne = async (id: string): Promise<void> => {
        const update = (change: (run: TestRun) => TestRun): void => {
          if (current.current === own) setRuns((before) => ({ ...before, [id]: change(before[id] ?? startedRun()) }));
        };
        update(() => startedRun());
        try {
          await streamTest({ workspace, flow }, { inputs, variant: variantName(node, id) }, (event) => { update((run) => applyEvent(run, event)); }, own.signal);
          update((run) => breakRun(run, CUT_SHORT));
        } catch (error) {
          update((run) => breakRun(run, asProblem(error)));
        }
      };
      const runAll = async (): Promise<void> => {
        for (const id of ids) if (!own.signal.aborted) await runOne(id);
        if (current.current === own) setBusy(false);
      };
      void runAll();
    },
    [workspace, flow, stop],
  );
  useEffect(() => () => { current.current?.abort(); }, []);
  return { runs, busy, start, stop };
}
