import { Stack, Text } from "@mantine/core";
import { type ComponentProps, memo, type RefObject, useDeferredValue, useEffect, useMemo, useRef } from "react";
import { StatusBadge } from "@/ui/StatusBadge";
import { useNodeSearch } from "../hooks/useNodeSearch";
import { useSeen } from "../hooks/useSeen";
import { useTestRun } from "../hooks/useFlowRun";
import type { End } from "../logic/edits/ends";
import { inOrder } from "../logic/order";
import { referencesOf } from "../logic/outputs";
import { streamedBy } from "../logic/testRun";
import type { FlowGraph, GraphNode, NodeResult } from "../model";
import classes from "./CardsTab.module.css";
import { IO_ICON, NODE_KINDS } from "@/ui/nodeKinds";
import { FlowEnds } from "./editors/FlowEnds";
import { type EditorPart, NodeEditors } from "./editors/NodeEditors";
import { LastOutput, ResultMeasures } from "./NodeOutcome";
import { NodeSearchBar } from "./NodeSearchBar";
import { RunButtons } from "./RunButtons";
import { StaleMark } from "./StaleMark";
import { VariantScope } from "./variants/VariantScope";

interface CardsTabProps {
  readonly flow: string;
  readonly graph: FlowGraph;
}

function Part({ title, aside, children }: ComponentProps<EditorPart>) {
  return (
    <section>
      <div className={classes.partHead}>
        <h3 className={classes.part}>{title}</h3>
        {aside}
      </div>
      {children}
    </section>
  );
}

function factsOf(node: GraphNode): string {
  const variant = node.variant && `${node.variant}, 1 of ${String(node.variants?.length ?? 0)} variants`;
  return [NODE_KINDS[node.kind].label, node.connection, node.model, variant].filter(Boolean).join(" · ");
}

/** What a card says beside its name before anybody looks into it. */
type Mark = "found" | "current" | undefined;

interface CardProps extends CardsTabProps {
  readonly node: GraphNode;
  readonly result: NodeResult | undefined;
  readonly isStale: boolean;
  readonly mark: Mark;
}

function CardBody({ flow, graph, node }: CardsTabProps & { readonly node: GraphNode }) {
  const { run } = useTestRun();
  return (
    <div className={classes.body}>
      <div className={classes.editors}>
        <VariantScope graph={graph} node={node} Part={Part}>
          {(shown) => <NodeEditors flow={flow} {...shown} Part={Part} />}
        </VariantScope>
      </div>
      <div>
        <h3 className={classes.part}>Output of the last run</h3>
        <LastOutput flow={flow} node={node.name} streamed={streamedBy(run, node.name, referencesOf(graph))} />
      </div>
    </div>
  );
}

/** Drawn again only when something of its own changes: there may be hundreds. */
const Card = memo(function Card({ flow, graph, node, result, isStale, mark }: CardProps) {
  const kind = NODE_KINDS[node.kind];
  const { box, seen } = useSeen();
  return (
    <article {...box} className={classes.card} aria-label={`Node ${node.name}`} data-node={node.name} data-kind={node.kind} data-mark={mark} data-unseen={!seen || undefined}>
      <header className={classes.head}>
        <span className={classes.kind} style={{ color: kind.color }}>
          <kind.icon size={18} stroke={1.75} aria-hidden />
        </span>
        <h2 className={classes.name}>{node.name}</h2>
        <span className={classes.facts}>{factsOf(node)}</span>
        <span className={classes.grow} />
        {result && <ResultMeasures result={result} />}
        {isStale && <StaleMark />}
        {result && <StatusBadge status={result.status} />}
        {seen && <RunButtons node={node.name} />}
      </header>
      {seen ? <CardBody flow={flow} graph={graph} node={node} /> : <div className={classes.unseen} />}
    </article>
  );
});

/** About as high as a card of inputs or outputs is, and each of them. */
const [END_PX, FIELD_PX] = [84, 63];

function EndCard({ end, graph }: { readonly end: End; readonly graph: FlowGraph }) {
  const name = end === "inputs" ? "Inputs" : "Outputs";
  const { box, seen } = useSeen();
  return (
    <article {...box} className={classes.card} aria-label={`${name} of the flow`}>
      <header className={classes.head}>
        <IO_ICON size={18} stroke={1.75} aria-hidden />
        <h2 className={classes.name}>{name}</h2>
      </header>
      <div className={classes.ends} style={seen ? undefined : { height: END_PX + graph[end].length * FIELD_PX }}>{seen && <FlowEnds end={end} graph={graph} />}</div>
    </article>
  );
}

/** As many cards as a screen shows: the others follow once these are there. */
const FIRST = 3;

/** What ends that a card is held in its place: whoever looks at it goes on. */
const GOING_ON = ["wheel", "pointerdown", "touchstart", "keydown"] as const;

/** Brings the card that a search is at to the top, and holds it there while those around it are made, which are higher then or less so. */
function useAtTop(list: RefObject<HTMLDivElement | null>, current: string | null, shown: number): void {
  useEffect(() => {
    const card = cardOf(list.current, current);
    if (!card || !list.current) return undefined;
    const watch = new ResizeObserver(() => { card.scrollIntoView({ block: "start" }); });
    const end = new AbortController();
    const stop = () => {
      watch.disconnect();
      end.abort();
    };
    watch.observe(list.current);
    for (const event of GOING_ON) window.addEventListener(event, stop, { capture: true, passive: true, signal: end.signal });
    return stop;
  }, [list, current, shown]);
}

function cardOf(list: HTMLElement | null, node: string | null): HTMLElement | null {
  return node === null ? null : (list?.querySelector<HTMLElement>(`[data-node="${CSS.escape(node)}"]`) ?? null);
}

/** What comes in, the nodes, and what goes out as cards, the nodes in the order in which they can run. */
export function CardsTab({ flow, graph }: CardsTabProps) {
  const { run, stale } = useTestRun();
  const nodes = useMemo(() => inOrder(graph), [graph]);
  const shown = useDeferredValue(nodes.length, FIRST);
  const search = useNodeSearch(nodes);
  const found = useMemo(() => new Set(search.found), [search.found]);
  const list = useRef<HTMLDivElement>(null);
  useAtTop(list, search.current, shown);
  return (
    <Stack gap="sm" maw={1200} ref={list} className={classes.list ?? ""} tabIndex={-1}>
      {nodes.length > 1 && (
        <div className={classes.find}>
          <NodeSearchBar search={search} onLeave={(current) => { (cardOf(list.current, current) ?? list.current)?.focus({ preventScroll: true }); }} />
        </div>
      )}
      <EndCard end="inputs" graph={graph} />
      {nodes.slice(0, shown).map((node) => (
        <Card
          key={node.name}
          flow={flow}
          graph={graph}
          node={node}
          result={run.nodes[node.name]}
          isStale={stale.has(node.name)}
          mark={node.name === search.current ? "current" : found.has(node.name) ? "found" : undefined}
        />
      ))}
      {graph.nodes.length === 0 && <Text c="dimmed">The flow has no nodes that could be read.</Text>}
      {shown >= nodes.length && <EndCard end="outputs" graph={graph} />}
    </Stack>
  );
}
