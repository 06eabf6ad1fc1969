import { Center, Text, useComputedColorScheme } from "@mantine/core";
import {
  Background,
  BackgroundVariant,
  Controls,
  MarkerType,
  MiniMap,
  ReactFlow,
  type NodeChange,
  type NodeMouseHandler,
  type ReactFlowInstance,
} from "@xyflow/react";
import "@xyflow/react/dist/style.css";
import { type MouseEvent as ReactMouseEvent, type RefObject, useCallback, useEffect, useMemo, useRef, useState } from "react";

import { useTestRun } from "../hooks/useFlowRun";
import { useFlowLayout } from "../hooks/useFlowLayout";
import { referencesOf } from "../logic/outputs";
import { drawnEdges, INPUTS_NODE, ioSize, type Layout, NODE_SIZE, OUTPUTS_NODE, type Size } from "../logic/layout";
import { streamedBy, type TestRun } from "../logic/testRun";
import type { FlowGraph, GraphNode, NodeStatus } from "../model";
import classes from "./Graph.module.css";
import { NODE_TYPES, type FlowNode } from "./GraphNodes";
import { NODE_KINDS } from "@/ui/nodeKinds";
import { EDGE_TYPES, type RoutedEdgeKind } from "./RoutedEdge";

export interface FlowCanvasProps {
  readonly graph: FlowGraph;
  readonly selected: readonly string[];
  readonly onSelect: (nodes: readonly string[]) => void;
  /** The nodes that a search found, and the one of them to be in sight. */
  readonly found?: readonly string[];
  readonly current?: string | null;
  /** Called where a menu was asked for: on a node, or beside all of them. */
  readonly onMenu?: (event: ReactMouseEvent | MouseEvent, node: string | null) => void;
  /** Called when one node was drawn to another; without it nothing can be connected. */
  readonly onConnect?: ((source: string, target: string) => void) | undefined;
}

const [FOUND, CURRENT] = [classes.found ?? "", classes.current ?? ""];
/** The zoom below which a node's name cannot be read. */
const READABLE = 0.8;
/** Above, the tools lie over the canvas: no node is put below them. */
const FIT = { padding: { x: 0.07, bottom: 0.07, top: "60px" }, maxZoom: 1, duration: 0 } as const;

function counts(graph: FlowGraph, node: GraphNode): { readonly errors: number; readonly warnings: number } {
  const found = graph.findings.filter((finding) => finding.node === node.name);
  const errors = found.filter((finding) => finding.severity === "error").length;
  return { errors, warnings: found.length - errors };
}

/** A size that is known beforehand: nodes are never measured, and the overview can draw them at once. */
function sized(size: Size) {
  return { ...size, measured: { ...size } };
}

function statusIn(run: TestRun, name: string): NodeStatus | null {
  if (run.phase === "running" && run.traceId === null && run.chosen.includes(name)) return "pending";
  return run.nodes[name]?.status ?? (run.phase === "running" && run.chosen.includes(name) ? "pending" : null);
}

interface Runs {
  readonly run: TestRun;
  readonly stale: ReadonlySet<string>;
}

function stepNodes(graph: FlowGraph, { run, stale }: Runs, layout: Layout): FlowNode[] {
  const references = referencesOf(graph);
  return graph.nodes.map((node) => {
    const result = run.nodes[node.name] ?? null;
    const status = statusIn(run, node.name);
    return {
      id: node.name,
      type: "step",
      position: layout.positions.get(node.name) ?? { x: 0, y: 0 },
      ...sized(NODE_SIZE),
      data: { node, result, status, streamed: streamedBy(run, node.name, references), isStale: stale.has(node.name), ...counts(graph, node) },
      ariaLabel: `${NODE_KINDS[node.kind].label} node ${node.name}`,
    };
  });
}

function ioNodes(graph: FlowGraph, layout: Layout): FlowNode[] {
  const ends = [
    { id: INPUTS_NODE, title: "Inputs", fields: graph.inputs, end: "first" as const },
    { id: OUTPUTS_NODE, title: "Outputs", fields: graph.outputs, end: "last" as const },
  ];
  return ends.map(({ id, title, fields, end }) => ({
    id,
    type: "io",
    position: layout.positions.get(id) ?? { x: 0, y: 0 },
    ...sized(ioSize(fields.length)),
    data: { title, fields, end },
    ariaLabel: `Flow ${title.toLowerCase()}`,
  }));
}

function flowEdges(graph: FlowGraph, run: TestRun, layout: Layout): RoutedEdgeKind[] {
  return drawnEdges(graph).map((edge) => ({
    id: edge.id,
    source: edge.source,
    target: edge.target,
    type: "routed",
    data: { points: layout.routes.get(edge.id) ?? [] },
    animated: run.nodes[edge.target]?.status === "running",
    focusable: false,
    selectable: false,
    markerEnd: { type: MarkerType.ArrowClosed, width: 14, height: 14 },
    ariaLabel: `${edge.source} feeds ${edge.target}: ${edge.labels.join(", ")}`,
  }));
}

function miniMapColor(node: FlowNode): string {
  return node.type === "step" ? NODE_KINDS[node.data.node.kind].color : "var(--mantine-color-dimmed)";
}

/** A node as it is marked; the same object for one that is not, so that it is not drawn again. */
function marked(node: FlowNode, selected: ReadonlySet<string>, found: ReadonlySet<string>, current: string | null): FlowNode {
  const className = node.id === current ? CURRENT : found.has(node.id) ? FOUND : "";
  return selected.has(node.id) || className !== "" ? { ...node, selected: selected.has(node.id), className } : node;
}

/** What is selected after changes that the canvas tells of. */
function afterChanges(selected: readonly string[], changes: readonly NodeChange<FlowNode>[]): readonly string[] {
  const next = new Set(selected);
  for (const change of changes) {
    if (change.type !== "select") continue;
    if (change.selected) next.add(change.id);
    else next.delete(change.id);
  }
  return [...next];
}

/** The selection: clicks and keys change it at once; while a box is drawn around nodes it is only shown, and holds once that is done. */
function useSelecting(selected: readonly string[], onSelect: (nodes: readonly string[]) => void) {
  const [drawn, draw] = useState<readonly string[] | null>(null);
  const shown = drawn ?? selected;
  const last = useRef(shown);
  useEffect(() => {
    last.current = shown;
  }, [shown]);
  const isDrawing = useRef(false);
  const onNodesChange = useCallback(
    (changes: readonly NodeChange<FlowNode>[]) => {
      if (!changes.some(({ type }) => type === "select")) return;
      last.current = afterChanges(last.current, changes);
      if (isDrawing.current) draw(last.current);
      else onSelect(last.current);
    },
    [onSelect],
  );
  const onSelectionStart = useCallback(() => {
    isDrawing.current = true;
  }, []);
  const onSelectionEnd = useCallback(() => {
    isDrawing.current = false;
    draw(null);
    onSelect(last.current);
  }, [onSelect]);
  return { shown, handlers: { onNodesChange, onSelectionStart, onSelectionEnd } };
}

/** Brings the node that a search is at into the middle. */
function useCentred(current: string | null, layout: Layout | null, instance: RefObject<ReactFlowInstance<FlowNode, RoutedEdgeKind> | null>, isReady: boolean): void {
  useEffect(() => {
    const position = current === null ? undefined : layout?.positions.get(current);
    if (!position || !isReady) return;
    const centre = () => {
      const zoom = Math.max(instance.current?.getZoom() ?? 1, READABLE);
      void instance.current?.setCenter(position.x + NODE_SIZE.width / 2, position.y + NODE_SIZE.height / 2, { zoom, duration: 0 });
    };
    // After the view of a new layout was fitted.
    const frame = requestAnimationFrame(() => requestAnimationFrame(centre));
    return () => {
      cancelAnimationFrame(frame);
    };
  }, [current, layout, instance, isReady]);
}

const NONE: readonly string[] = [];

/** The flow as a graph: drawn by layers, live while a test runs. A click or Enter on a node selects it; with Ctrl, or a box drawn with Shift, several. */
export function FlowCanvas({ graph, selected, onSelect, found = NONE, current = null, onMenu, onConnect }: FlowCanvasProps) {
  const scheme = useComputedColorScheme("light");
  const { run, stale } = useTestRun();
  const { layout, error } = useFlowLayout(graph);
  const instance = useRef<ReactFlowInstance<FlowNode, RoutedEdgeKind> | null>(null);
  const [isReady, setReady] = useState(false);
  const { shown, handlers } = useSelecting(selected, onSelect);
  const plain = useMemo(() => (layout ? [...ioNodes(graph, layout), ...stepNodes(graph, { run, stale }, layout)] : []), [graph, run, stale, layout]);
  const nodes = useMemo(() => {
    const [chosen, hits] = [new Set(shown), new Set(found)];
    return plain.map((node) => marked(node, chosen, hits, current));
  }, [plain, shown, found, current]);
  const edges = useMemo(() => (layout ? flowEdges(graph, run, layout) : []), [graph, run, layout]);
  const select = useCallback<NodeMouseHandler<FlowNode>>(
    (event, node) => {
      if (!event.ctrlKey && !event.metaKey && !event.shiftKey) onSelect([node.id]);
    },
    [onSelect],
  );
  useCentred(current, layout, instance, isReady);

  useEffect(() => {
    if (layout) requestAnimationFrame(() => void instance.current?.fitView(FIT));
  }, [layout]);

  if (error !== null)
    return (
      <Center className={classes.canvas}>
        <Text c="dimmed">The graph could not be laid out: {error}</Text>
      </Center>
    );
  if (!layout)
    return (
      <Center className={classes.canvas}>
        <Text size="sm" c="dimmed" role="status">
          Laying out the graph
        </Text>
      </Center>
    );
  return (
    <div className={classes.canvas}>
      <ReactFlow<FlowNode, RoutedEdgeKind>
        nodes={nodes}
        edges={edges}
        nodeTypes={NODE_TYPES}
        edgeTypes={EDGE_TYPES}
        colorMode={scheme}
        onInit={(ready) => {
          instance.current = ready;
          setReady(true);
        }}
        onNodeClick={select}
        onPaneClick={() => {
          onSelect([]);
        }}
        onKeyDown={({ key, ctrlKey, metaKey, shiftKey, target }) => {
          const name = target instanceof HTMLElement && target.matches(".react-flow__node") ? target.dataset.id : undefined;
          if (name !== undefined && key === "Enter" && !ctrlKey && !metaKey && !shiftKey) onSelect([name]);
        }}
        {...handlers}
        onNodeContextMenu={(event, node) => onMenu?.(event, node.id)}
        onPaneContextMenu={(event) => onMenu?.(event, null)}
        nodesDraggable={false}
        nodesConnectable={onConnect !== undefined}
        onConnect={({ source, target }) => onConnect?.(source, target)}
        deleteKeyCode={null}
        fitView
        fitViewOptions={FIT}
        minZoom={0.1}
        maxZoom={2}
        onlyRenderVisibleElements={nodes.length > 100}
      >
        <Background variant={BackgroundVariant.Dots} gap={20} size={1} />
        <Controls showInteractive={false} position="bottom-left" />
        {graph.nodes.length > 8 && (
          <MiniMap<FlowNode> nodeColor={miniMapColor} pannable zoomable position="bottom-right" ariaLabel="Overview of the graph" />
        )}
      </ReactFlow>
    </div>
  );
}
