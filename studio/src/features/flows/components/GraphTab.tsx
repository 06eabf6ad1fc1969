import { Alert } from "@mantine/core";
import { type HotkeyItem, useHotkeys } from "@mantine/hooks";
import { IconPlus } from "@tabler/icons-react";
import { type ReactNode, useRef, useState } from "react";
import { GuardedButton } from "@/ui/GuardedButton";
import { Split } from "@/ui/Panel";
import { useFlow } from "../hooks/useFlowDocument";
import { useTestRun } from "../hooks/useFlowRun";
import { type ClipboardNote, useNodeClipboard } from "../hooks/useNodeClipboard";
import { useNodeSearch } from "../hooks/useNodeSearch";
import { type NodeSelection, useNodeSelection } from "../hooks/useNodeSelection";
import { INPUTS_NODE, OUTPUTS_NODE } from "../logic/layout";
import type { FlowGraph } from "../model";
import { FindingRow } from "./FindingRow";
import { FlowCanvas } from "./FlowCanvas";
import classes from "./Graph.module.css";
import { CanvasItems, DotsMenu, type GraphActions, type MenuPlace, NodeItems, PointerMenu } from "./GraphMenu";
import { AddNodeDialog, ConnectDialog, DeleteNodesDialog, RenameNodeDialog } from "./NodeDialogs";
import { NodePanel } from "./NodePanel";
import { NodeSearchBar } from "./NodeSearchBar";
import { SelectionPanel } from "./SelectionPanel";
import { TestPanel } from "./TestPanel";

interface GraphTabProps {
  readonly flow: string;
  readonly graph: FlowGraph;
}

type Asking =
  | { readonly what: "add" }
  | { readonly what: "rename"; readonly node: string }
  | { readonly what: "delete"; readonly nodes: readonly string[] }
  | { readonly what: "connect"; readonly source: string; readonly target: string };

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
    case "rename":
      return <RenameNodeDialog graph={graph} node={asking.node} onClose={onClose} onRenamed={onGo} />;
    case "delete":
      return <DeleteNodesDialog nodes={asking.nodes} onClose={onClose} onDeleted={() => { onGo(null); }} />;
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

/** What menus and keys do to the graph, and what the clipboard says. */
function useGraphActions(graph: FlowGraph, { chosen, choose }: NodeSelection, asking: Asking | null, ask: (asking: Asking) => void) {
  const fixed = useWhyFixed();
  const { note, dismiss, copy, paste, duplicate } = useNodeClipboard({ chosen, choose, fixed, isAway: asking !== null });
  const names = graph.nodes.map(({ name }) => name);
  const actions: GraphActions = {
    fixed,
    add: () => { ask({ what: "add" }); },
    rename: (node) => { ask({ what: "rename", node }); },
    copy,
    duplicate,
    paste,
    remove: () => {
      const nodes = chosen.filter((name) => names.includes(name));
      if (nodes.length > 0) ask({ what: "delete", nodes });
    },
    selectAll: () => { choose(names); },
  };
  useHotkeys(asking !== null ? [] : [["mod+A", actions.selectAll], ...(fixed !== null ? [] : ([["A", actions.add], ["Delete", actions.remove], ["mod+D", actions.duplicate]] satisfies HotkeyItem[]))]);
  return { actions, note, dismiss };
}

function ClipboardSays({ note, onClose }: { readonly note: ClipboardNote; readonly onClose: () => void }) {
  return (
    <Alert className={classes.note ?? ""} role={note.isProblem ? "alert" : "status"} color={note.isProblem ? "red" : "gray"} variant="light" withCloseButton closeButtonLabel="Dismiss" onClose={onClose}>
      {note.text}
    </Alert>
  );
}

/** What keeps the file from being read, over a graph that has only what could be. */
function Unreadable({ flow, graph }: GraphTabProps) {
  const { yaml } = useFlow();
  const found = graph.findings.find(({ severity, node }) => severity === "error" && !node);
  if (found === undefined || (yaml !== null && yaml.errors.length === 0)) return null;
  return (
    <div className={classes.unreadable} role="status">
      <FindingRow flow={flow} finding={found} />
    </div>
  );
}

interface WorkplaceProps {
  readonly graph: FlowGraph;
  readonly selection: NodeSelection;
  readonly actions: GraphActions;
  readonly onConnect: ((source: string, target: string) => void) | undefined;
  readonly children: ReactNode;
}

/** The canvas with what lies on it: the bar above, a menu at the pointer, and what the clipboard said. */
function Workplace({ graph, selection: { chosen, choose }, actions, onConnect, children }: WorkplaceProps) {
  const search = useNodeSearch(graph.nodes);
  const [menu, openMenu] = useState<MenuPlace | null>(null);
  const place = useRef<HTMLDivElement>(null);
  const leave = (current: string | null) => {
    const node = current === null ? null : place.current?.querySelector<HTMLElement>(`.react-flow__node[data-id="${CSS.escape(current)}"]`);
    (node ?? place.current)?.focus();
  };
  return (
    <div className={classes.workplace} ref={place} tabIndex={-1}>
      <FlowCanvas
        graph={graph}
        selected={chosen}
        onSelect={choose}
        found={search.found}
        current={search.current}
        onConnect={onConnect}
        onMenu={(event, node) => {
          event.preventDefault();
          if (node !== null && !chosen.includes(node)) choose([node]);
          openMenu({ x: event.clientX, y: event.clientY, isNode: node !== null });
        }}
      />
      <div className={classes.tools}>
        <GuardedButton size="xs" variant="default" leftSection={<IconPlus size={14} />} off={actions.fixed} onClick={actions.add}>
          {graph.nodes.length === 0 ? "Add your first node" : "Add node"}
        </GuardedButton>
        <NodeSearchBar search={search} onLeave={leave} />
        <DotsMenu label="Graph menu">
          <CanvasItems actions={actions} />
        </DotsMenu>
      </div>
      {children}
      {menu && (
        <PointerMenu at={menu} onClose={() => { openMenu(null); }}>
          {menu.isNode ? <NodeItems actions={actions} node={chosen.length === 1 ? (chosen[0] ?? null) : null} /> : <CanvasItems actions={actions} />}
        </PointerMenu>
      )}
    </div>
  );
}

/** The graph with a panel beside it: the test run, the node that is selected, or what can be done to several. */
export function GraphTab({ flow, graph }: GraphTabProps) {
  const selection = useNodeSelection(graph);
  const { chosen, choose } = selection;
  const [asking, ask] = useState<Asking | null>(null);
  const { actions, note, dismiss } = useGraphActions(graph, selection, asking, ask);
  const nodes = graph.nodes.filter(({ name }) => chosen.includes(name));
  const [node] = nodes;
  useRunKeys(nodes.length === 1 ? node?.name : undefined);
  const go = (name: string | null) => {
    choose(name === null ? [] : [name]);
  };
  const leave = () => {
    choose([]);
  };
  const connect = actions.fixed === null ? (source: string, target: string) => { ask({ what: "connect", source, target }); } : undefined;
  const [end] = chosen;
  return (
    <>
      <Split
        label={nodes.length > 1 ? "Selection" : node ? `Node ${node.name}` : "Test run"}
        width="clamp(360px, 32vw, 520px)"
        main={
          <Workplace graph={graph} selection={selection} actions={actions} onConnect={connect}>
            <Unreadable flow={flow} graph={graph} />
            {note && <ClipboardSays note={note} onClose={dismiss} />}
          </Workplace>
        }
        side={
          nodes.length > 1 ? (
            <SelectionPanel nodes={nodes} actions={actions} onGo={go} onClose={leave} />
          ) : node ? (
            <NodePanel key={node.name} flow={flow} graph={graph} node={node} actions={actions} onClose={leave} />
          ) : (
            <TestPanel flow={flow} graph={graph} focus={end === INPUTS_NODE || end === OUTPUTS_NODE ? end : null} onSelectNode={go} />
          )
        }
      />
      {asking && <Asked flow={flow} asking={asking} graph={graph} onClose={() => { ask(null); }} onGo={go} />}
    </>
  );
}
