import { useMemo } from "react";
import { resolved } from "../logic/flowReferences";
import type { GraphNode } from "../model";
import { useTestRun } from "./useFlowRun";
import { useLastOutputs } from "./useLastRun";

/** The values that a node's inputs have: their own, the test run's inputs, and what nodes gave in the last run. Others are left out. */
export function usePromptValues(node: GraphNode): Readonly<Record<string, unknown>> {
  const outputs = useLastOutputs();
  const { values } = useTestRun().inputs;
  return useMemo(
    () =>
      Object.fromEntries(
        Object.entries(node.inputs ?? {}).flatMap(([name, value]) => {
          const found = resolved(value, values, outputs);
          return found === undefined ? [] : [[name, found]];
        }),
      ),
    [node, values, outputs],
  );
}
