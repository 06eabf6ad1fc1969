import { createContext, type ReactNode, use, useMemo } from "react";
import { offersFor, outputsOf, type Offer } from "../logic/flowReferences";
import type { TestRun } from "../logic/testRun";
import type { FlowGraph } from "../model";

interface LastRun {
  readonly graph: FlowGraph | null;
  readonly outputs: Readonly<Record<string, unknown>>;
}

const Current = createContext<LastRun>({ graph: null, outputs: {} });

/** Gives the editors below the flow's graph, and what its nodes gave in the test run that was made last. */
export function LastRunProvider({ graph, run, children }: { readonly graph: FlowGraph; readonly run: TestRun; readonly children: ReactNode }) {
  const value = useMemo(() => ({ graph, outputs: outputsOf(run) }), [graph, run]);
  return <Current value={value}>{children}</Current>;
}

/** What the nodes gave in the test run that was made last, by name. */
export function useLastOutputs(): Readonly<Record<string, unknown>> {
  return use(Current).outputs;
}

/** The references that the inputs of a node may have; null: those of the flow's outputs. */
export function useOffers(node: string | null): readonly Offer[] {
  const { graph, outputs } = use(Current);
  return useMemo(() => (graph === null ? [] : offersFor(graph, outputs, node)), [graph, outputs, node]);
}
