import { useHotkeys } from "@mantine/hooks";
import { IconPlus } from "@tabler/icons-react";
import { useState } from "react";
import { useUrlState } from "@/lib/url";
import { GuardedButton } from "@/ui/GuardedButton";
import { Split } from "@/ui/Panel";
import { useFlow } from "../hooks/useFlowDocument";
import { useTestRun } from "../hooks/useFlowRun";
import { INPUTS_NODE, OUTPUTS_NODE } from "../logic/layout";
import type { FlowGraph } from "../model";
import { FlowCanvas } from "./FlowCanvas";
import classes from "./Graph.module.css";
import { AddNodeDialog, ConnectDialog, DeleteNodeDialog } from "./NodeDialogs";
import { NodePanel } from "./NodePanel";
import { TestPanel } from "./TestPanel";

interface GraphTabProps {
  readonly flow: string;
  readonly graph: FlowGraph;
}

type Asking = { readonly what: "add" } | { readonly what: "delete"; readonly node: string } | { readonly what: "connect"; readonly source: string; readonly target: string };

/** Why the graph cannot be changed; null: it can. */
function useWhyFixed(): string | null {
  const { readOnly, main, yaml } = useFlow();
  if (readOnly !== null) return readOnly;
  if (main?.startsWith("flow.dag.") !== true) return "Only the graph of a flow.dag.yaml has nodes to add: change this flow under Files.";
  return yaml === null || yaml.errors.length > 0 ? "The flow cannot be read as YAML: mend it under Files first." : null;
}

interface AskedProps {
  readonly flow: string;
  readonly asking: Asking;
  readonly graph: FlowGraph;
  readonly onClose: () => void;
  readonly onGo: (node: string | null) => void;
}

function Asked({ flow, asking, graph, onClose, onGo }: AskedProps) {
  switch (asking.what) {
    case "add":
      return <AddNodeDialog flow={flow} graph={graph} onClose={onClose} onAdded={onGo} />;
    case "delete":
      return <DeleteNodeDialog node={asking.node} onClose={onClose} onDeleted={() => { onGo(null); }} />;
    case "connect":
      return <ConnectDialog graph={graph} source={asking.source} target={asking.target} onClose={onClose} />;
  }
}

/** R runs the node `name` alone, Shift R from it on. */
function useRunKeys(name: string | undefined): void {
  const { run, hasParts, start } = useTestRun();
  const begin = (onward: boolean) => () => {
    if (name !== undefined && hasParts && run.phase !== "running") start({ node: name, onward });
  };
  useHotkeys([
    ["R", begin(false)],
    ["shift+R", begin(true)],
  ]);
}

/** The graph with a panel beside it: the test run, or the node that is selected. A adds a node, Delete removes the selected one. */
export function GraphTab({ flow, graph }: GraphTabProps) {
  const [selected, select] = useUrlState("node");
  const [asking, ask] = useState<Asking | null>(null);
  const fixed = useWhyFixed();
  const node = graph.nodes.find((each) => each.name === selected);
  useRunKeys(node?.name);
  const close = () => {
    ask(null);
  };
  useHotkeys(
    fixed !== null || asking !== null
      ? []
      : [
          ["A", () => { ask({ what: "add" }); }],
          ["Delete", () => { if (node) ask({ what: "delete", node: node.name }); }],
        ],
  );
  const connect = fixed === null ? (source: string, target: string) => { ask({ what: "connect", source, target }); } : undefined;
  return (
    <>
      <Split
        label={node ? `Node ${node.name}` : "Test run"}
        width="clamp(360px, 32vw, 520px)"
        main={
          <div className={classes.workplace}>
            <FlowCanvas graph={graph} selected={selected === "" ? null : selected} onSelect={select} onConnect={connect} />
            <GuardedButton className={classes.add ?? ""} size="xs" variant="default" leftSection={<IconPlus size={14} />} off={fixed} onClick={() => { ask({ what: "add" }); }}>
              {graph.nodes.length === 0 ? "Add your first node" : "Add node"}
            </GuardedButton>
          </div>
        }
        side={
          node ? (
            <NodePanel key={node.name} flow={flow} graph={graph} node={node} onGo={select} onClose={() => { select(null); }} />
          ) : (
            <TestPanel
              flow={flow}
              graph={graph}
              focus={selected === INPUTS_NODE || selected === OUTPUTS_NODE ? selected : null}
              onSelectNode={select}
            />
          )
        }
      />
      {asking && <Asked flow={flow} asking={asking} graph={graph} onClose={close} onGo={select} />}
    </>
  );
}
