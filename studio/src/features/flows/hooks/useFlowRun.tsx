import { createContext, type ReactNode, use, useCallback, useMemo } from "react";
import { useRights, whyReadOnly } from "@/api/useRights";
import { useWorkspace } from "@/lib/workspace";
import type { Draft } from "@/ui/inputs/fields";
import { fieldOf } from "../logic/inputs";
import { sampleDraft, sampleInputs } from "../logic/sample";
import { staleOf, textsOf } from "../logic/stale";
import type { RunPart, TestRun } from "../logic/testRun";
import type { FlowGraph } from "../model";
import { useFlow } from "./useFlowDocument";
import { useFlowTest } from "./useFlowTest";
import { type InputsDraft, useInputsDraft } from "./useInputsDraft";

/** Test runs of a flow. */
export interface FlowRun {
  readonly run: TestRun;
  /** The text of the flow's inputs. */
  readonly inputs: InputsDraft;
  /** The nodes whose last result is not what they would give now. */
  readonly stale: ReadonlySet<string>;
  /** Why nothing can be run; null: it can. */
  readonly off: string | null;
  /** The flow has nodes that can run by themselves. */
  readonly hasParts: boolean;
  /** Runs the whole flow, or a part of it with what the other nodes gave last. Edits are sent first. */
  readonly start: (part: RunPart | null) => void;
  readonly stop: () => void;
}

/** Test runs of the flow, with the inputs as they are typed, and what of their results is stale. */
export function useFlowRun(flow: string, graph: FlowGraph): FlowRun {
  const workspace = useWorkspace();
  const { yaml, text, version, save, main } = useFlow();
  const off = whyReadOnly(useRights(workspace));
  const tester = useFlowTest(workspace, flow);
  const fields = useMemo(() => graph.inputs.map(fieldOf), [graph.inputs]);
  // As text: it is the same as long as the sample is.
  const sample = JSON.stringify(sampleDraft(sampleInputs(main, yaml, text)));
  const inputs = useInputsDraft(`flowyard-test/${workspace}/${flow}`, fields, useMemo(() => JSON.parse(sample) as Draft, [sample]));
  const texts = useMemo(() => textsOf(graph, yaml, text), [graph, yaml, text, version]); // eslint-disable-line react-hooks/exhaustive-deps -- `text` reads what `version` counts
  const stale = useMemo(() => staleOf(tester.run, graph, texts), [tester.run, graph, texts]);
  const { run, stop, start: begin } = tester;
  const { read, values } = inputs;
  const start = useCallback(
    (part: RunPart | null) => {
      const given = part === null ? read() : values;
      if (given !== null && off === null) void save().then(() => { begin({ part, inputs: given, graph, texts }); });
    },
    [read, values, off, save, begin, graph, texts],
  );
  const hasParts = main?.startsWith("flow.dag.") ?? false;
  return useMemo(() => ({ run, inputs, stale, off, hasParts, start, stop }), [run, inputs, stale, off, hasParts, start, stop]);
}

const Current = createContext<FlowRun | null>(null);

/** Gives the views below the flow's test runs. */
export function FlowRunProvider({ value, children }: { readonly value: FlowRun; readonly children: ReactNode }) {
  return <Current value={value}>{children}</Current>;
}

/** The test runs of the flow whose page this is. */
export function useTestRun(): FlowRun {
  const found = use(Current);
  if (found === null) throw new Error("useTestRun is for views inside a FlowRunProvider.");
  return found;
}
