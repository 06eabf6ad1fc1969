import { type KeyboardEvent, useCallback, useMemo, useRef, useState } from "react";
import { useSpanSearch } from "../hooks/useSpanSearch";
import { useTimeline } from "../hooks/useTimeline";
import { ancestorsOf, nextOf, parentsOf } from "../logic/spanSearch";
import { type SpanNode, visibleRows } from "../logic/spanTree";
import { showing, traceExtent } from "../logic/timeline";
import { SpanTree } from "./SpanTree";
import { TreeBar } from "./TreeBar";
import classes from "./SpanTree.module.css";

const ALL_OPEN: ReadonlySet<string> = new Set();

interface TraceTreeProps {
  readonly forest: readonly SpanNode[];
  readonly selected: string | null;
  readonly onSelect: (spanId: string) => void;
}

/** The whole tree of a trace with what finds one's way in it: search, errors, zoom, and what is open. */
export function TraceTree({ forest, selected, onSelect }: TraceTreeProps) {
  const frame = useRef<HTMLDivElement>(null);
  const box = useRef<HTMLInputElement>(null);
  const [collapsed, setCollapsed] = useState<ReadonlySet<string>>(ALL_OPEN);
  const rows = useMemo(() => visibleRows(forest, ALL_OPEN), [forest]);
  const spans = useMemo(() => rows.map((row) => row.node.span), [rows]);
  const order = useMemo(() => new Map(spans.map((span, at) => [span.span_id, at])), [spans]);
  const parents = useMemo(() => parentsOf(rows.map((row) => row.node)), [rows]);
  const errors = useMemo(() => spans.filter((span) => span.status === "error").map((span) => span.span_id), [spans]);
  const timeline = useTimeline(useMemo(() => traceExtent(spans), [spans]));
  const search = useSpanSearch(spans);
  const toggle = useCallback((id: string) => {
    setCollapsed((before) => {
      const after = new Set(before);
      if (!after.delete(id)) after.add(id);
      return after;
    });
  }, []);
  /** Selects a span, opens what hides it, and brings its time into sight. */
  const goTo = (id: string | null): void => {
    if (id === null) return;
    const above = ancestorsOf(id, parents);
    if (above.some((each) => collapsed.has(each))) setCollapsed(new Set([...collapsed].filter((each) => !above.includes(each))));
    const span = spans[order.get(id) ?? -1];
    if (span) timeline.change((view) => showing(span, view, timeline.extent));
    onSelect(id);
  };
  const toFound = (back: boolean): void => goTo(nextOf(search.ids, order, selected, back));
  const toError = (back: boolean): void => goTo(nextOf(errors, order, selected, back));
  const press = ({ key }: KeyboardEvent): boolean => {
    if (key === "/") box.current?.focus();
    else if (key === "n" || key === "N") toFound(key === "N");
    else if (key === "e" || key === "E") toError(key === "E");
    else return false;
    return true;
  };
  return (
    <div ref={frame} className={classes.whole}>
      <TreeBar
        search={search}
        box={box}
        selected={selected}
        errors={errors}
        timeline={timeline}
        onFound={toFound}
        onError={toError}
        onLeave={() => frame.current?.querySelector<HTMLElement>('[role="tree"]')?.focus()}
      />
      <SpanTree forest={forest} timeline={timeline} collapsed={collapsed} selected={selected} found={search.set} onSelect={onSelect} onToggle={toggle} onKey={press} />
    </div>
  );
}
