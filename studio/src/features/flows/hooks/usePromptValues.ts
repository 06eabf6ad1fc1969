import { useMemo } from "react";
import { coerceDraft, initialDraft } from "@/ui/inputs/fields";
import { useWorkspace } from "@/lib/workspace";
import { resolved } from "../logic/flowReferences";
import { fieldOf } from "../logic/inputs";
import type { FlowGraph, GraphNode } from "../model";
import { keptDraft } from "./useInputsDraft";
import { useLastOutputs } from "./useLastRun";

/** The values that a node's inputs have: their own, the test run's inputs or else the defaults, and what nodes gave in the last run. Others are left out. */
export function usePromptValues(flow: string, graph: FlowGraph, node: GraphNode): Readonly<Record<string, unknown>> {
  const workspace = useWorkspace();
  const outputs = useLastOutputs();
  return useMemo(() => {
    const fields = graph.inputs.map(fieldOf);
    const defaults = Object.fromEntries(graph.inputs.filter((input) => input.has_default).map((input) => [input.name, input.is_chat_history ? (input.default ?? []) : input.default]));
    const typed = coerceDraft(fields, { ...initialDraft(fields), ...keptDraft(`flowyard-test/${workspace}/${flow}`) }).values;
    const inputs = { ...defaults, ...typed };
    return Object.fromEntries(
      Object.entries(node.inputs ?? {}).flatMap(([name, value]) => {
        const found = resolved(value, inputs, outputs);
        return found === undefined ? [] : [[name, found]];
      }),
    );
  }, [workspace, flow, graph, node, outputs]);
}
