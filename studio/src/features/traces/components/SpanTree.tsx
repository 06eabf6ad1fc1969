import { useVirtualizer } from "@tanstack/react-virtual";
import { type KeyboardEvent, type RefObject, useEffect, useMemo, useRef } from "react";
import type { Timeline } from "../hooks/useTimeline";
import { moveInTree, type SpanNode, type TreeKey, visibleRows } from "../logic/spanTree";
import { around, panned, zoomed } from "../logic/timeline";
import { SpanRow } from "./SpanRow";
import classes from "./SpanTree.module.css";
import { TimeAxis } from "./TimeAxis";

const ROW_HEIGHT = 30;
/** Up to so many rows all are in the page, where the browser's own search finds them. */
const VIRTUAL_FROM = 200;
const KEYS: ReadonlySet<string> = new Set<TreeKey>(["ArrowDown", "ArrowUp", "ArrowLeft", "ArrowRight", "Home", "End"]);
/** A step of the keys and buttons; the wheel zooms by its own way. */
export const ZOOM_STEP = 0.6;
const PAN_STEP = 0.2;

export interface SpanTreeProps {
  readonly forest: readonly SpanNode[];
  readonly timeline: Timeline;
  readonly collapsed: ReadonlySet<string>;
  readonly selected: string | null;
  /** The spans that hold what is looked for. */
  readonly found: ReadonlySet<string>;
  readonly onSelect: (spanId: string) => void;
  readonly onToggle: (spanId: string) => void;
  /** A key that is none of the tree's. Returns whether it was taken. */
  readonly onKey: (event: KeyboardEvent) => boolean;
}

/** The wheel with Control, or two fingers, zooms where the pointer is; sideways it moves the time. Over the axis it zooms without Control. */
function useWheel(frame: RefObject<HTMLDivElement | null>, timeline: Timeline): void {
  const { change, extent } = timeline;
  useEffect(() => {
    const element = frame.current;
    if (!element) return undefined;
    const turn = (event: WheelEvent): void => {
      const lane = element.querySelector(`.${classes.marks ?? ""}`)?.getBoundingClientRect();
      if (!lane || lane.width === 0) return;
      const sideways = event.shiftKey ? event.deltaY || event.deltaX : event.deltaX;
      const onAxis = event.clientY <= lane.bottom && event.clientX >= lane.left;
      if (event.ctrlKey || event.metaKey || (onAxis && !event.shiftKey && Math.abs(event.deltaY) > Math.abs(event.deltaX))) {
        event.preventDefault();
        const share = Math.min(1, Math.max(0, (event.clientX - lane.left) / lane.width));
        const factor = Math.exp(Math.min(60, Math.max(-60, event.deltaY)) * 0.006);
        change((view) => zoomed(view, extent, factor, view.from + share * (view.to - view.from)));
      } else if (Math.abs(sideways) > 0 && (event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY))) {
        event.preventDefault();
        change((view) => panned(view, extent, sideways / lane.width));
      }
    };
    element.addEventListener("wheel", turn, { passive: false });
    return () => element.removeEventListener("wheel", turn);
  }, [frame, change, extent]);
}

/** What a key does to the time in sight: + and - zoom, 0 shows all, z the selected span, Shift with an arrow moves. */
function turnTime(event: KeyboardEvent, timeline: Timeline, node: SpanNode | undefined): boolean {
  const { change, extent, reset } = timeline;
  const middle = node && node.span.start_offset_ms + node.span.duration_ms / 2;
  const zoom = (factor: number): void =>
    change((view) => zoomed(view, extent, factor, middle !== undefined && middle >= view.from && middle <= view.to ? middle : (view.from + view.to) / 2));
  if (event.key === "+" || event.key === "=") zoom(ZOOM_STEP);
  else if (event.key === "-") zoom(1 / ZOOM_STEP);
  else if (event.key === "0") reset();
  else if (event.key === "z" && node) change(() => around(node.span, extent));
  else if (event.shiftKey && event.key === "ArrowLeft") change((view) => panned(view, extent, -PAN_STEP));
  else if (event.shiftKey && event.key === "ArrowRight") change((view) => panned(view, extent, PAN_STEP));
  else return false;
  return true;
}

/** The spans of a trace as a tree beside their waterfall. One tab stop; arrows move, open and close, Home and End jump. */
export function SpanTree({ forest, timeline, collapsed, selected, found, onSelect, onToggle, onKey }: SpanTreeProps) {
  const frame = useRef<HTMLDivElement>(null);
  const scroller = useRef<HTMLDivElement>(null);
  const rows = useMemo(() => visibleRows(forest, collapsed), [forest, collapsed]);
  const places = useMemo(() => new Map(rows.map((row, at) => [row.node.span.span_id, at])), [rows]);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_HEIGHT,
    overscan: 8,
    initialRect: { width: 800, height: 600 },
  });
  const placed = rows.length > VIRTUAL_FROM ? virtual.getVirtualItems() : rows.map((_row, at) => ({ index: at, start: at * ROW_HEIGHT }));
  const index = (selected === null ? undefined : places.get(selected)) ?? -1;
  useEffect(() => {
    if (index >= 0) virtual.scrollToIndex(index, { align: "auto" });
  }, [index, virtual]);
  useWheel(frame, timeline);

  const press = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (turnTime(event, timeline, rows[index]?.node) || onKey(event)) {
      event.preventDefault();
      return;
    }
    if (!KEYS.has(event.key)) return;
    event.preventDefault();
    const move = moveInTree(rows, selected, event.key as TreeKey);
    if (move.kind === "select") onSelect(move.spanId);
    else if (move.kind === "toggle") onToggle(move.spanId);
  };

  return (
    <div ref={frame} className={classes.frame}>
      <TimeAxis timeline={timeline} />
      <div
        ref={scroller}
        className={classes.scroller}
        role="tree"
        aria-label="Spans"
        tabIndex={0}
        aria-activedescendant={index >= 0 ? `span-${selected ?? ""}` : undefined}
        onKeyDown={press}
      >
        <div style={{ height: virtual.getTotalSize(), position: "relative" }}>
          {placed.map((item) => {
            const row = rows[item.index];
            if (!row) return null;
            const id = row.node.span.span_id;
            return (
              <div key={id} className={classes.slot} style={{ transform: `translateY(${String(item.start)}px)` }}>
                <SpanRow row={row} view={timeline.view} selected={item.index === index} found={found.has(id)} onSelect={onSelect} onToggle={onToggle} />
              </div>
            );
          })}
        </div>
      </div>
    </div>
  );
}
