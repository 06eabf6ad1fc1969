import { useUrlState } from "@/lib/url";
import { Split } from "@/ui/Panel";
import type { FlowTester } from "../hooks/useFlowTest";
import { INPUTS_NODE, OUTPUTS_NODE } from "../logic/layout";
import type { FlowGraph } from "../model";
import { FlowCanvas } from "./FlowCanvas";
import { NodePanel } from "./NodePanel";
import { TestPanel } from "./TestPanel";

interface GraphTabProps {
  readonly flow: string;
  readonly graph: FlowGraph;
  readonly tester: FlowTester;
}

/** The graph with a panel beside it: the test run, or the node that is selected. */
export function GraphTab({ flow, graph, tester }: GraphTabProps) {
  const [selected, select] = useUrlState("node");
  const node = graph.nodes.find((each) => each.name === selected);
  return (
    <Split
      label={node ? `Node ${node.name}` : "Test run"}
      width="clamp(360px, 32vw, 520px)"
      main={<FlowCanvas graph={graph} run={tester.run} selected={selected === "" ? null : selected} onSelect={select} />}
      side={
        node ? (
          <NodePanel
            key={node.name}
            flow={flow}
            graph={graph}
            node={node}
            run={tester.run}
            onClose={() => {
              select(null);
            }}
          />
        ) : (
          <TestPanel
            flow={flow}
            graph={graph}
            tester={tester}
            focus={selected === INPUTS_NODE || selected === OUTPUTS_NODE ? selected : null}
            onSelectNode={select}
          />
        )
      }
    />
  );
}
