import { useCallback, useMemo } from "react";
import { useUrlState } from "@/lib/url";
import { INPUTS_NODE, OUTPUTS_NODE } from "../logic/layout";
import type { FlowGraph } from "../model";

export interface NodeSelection {
  /** The names of the nodes that are selected, in the order of the file; the flow's inputs and outputs may be among them. */
  readonly chosen: readonly string[];
  readonly choose: (names: readonly string[]) => void;
}

/** Which nodes of the graph are selected: `?node=a,b` in the address. */
export function useNodeSelection(graph: FlowGraph): NodeSelection {
  const [value, setValue] = useUrlState("node");
  const chosen = useMemo(() => {
    const names = [INPUTS_NODE, ...graph.nodes.map((node) => node.name), OUTPUTS_NODE];
    const asked = new Set(names.includes(value) ? [value] : value.split(","));
    return names.filter((name) => asked.has(name));
  }, [graph, value]);
  const choose = useCallback(
    (names: readonly string[]) => {
      setValue(names.join(","));
    },
    [setValue],
  );
  return { chosen, choose };
}
