import { createContext, type ReactNode, use, useMemo } from "react";
import { outputsOf } from "../logic/flowReferences";
import { IDLE_RUN, type TestRun } from "../logic/testRun";

const Current = createContext<TestRun>(IDLE_RUN);

/** Gives the editors below the test run that was made last. */
export function LastRunProvider({ run, children }: { readonly run: TestRun; readonly children: ReactNode }) {
  return <Current value={run}>{children}</Current>;
}

/** What the nodes gave in the test run that was made last, by name. */
export function useLastOutputs(): Readonly<Record<string, unknown>> {
  const run = use(Current);
  return useMemo(() => outputsOf(run), [run]);
}
