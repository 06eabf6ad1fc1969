import { ActionIcon } from "@mantine/core";
import { IconAlertTriangle, IconChevronDown, IconChevronRight } from "@tabler/icons-react";
import { useVirtualizer } from "@tanstack/react-virtual";
import { type CSSProperties, type KeyboardEvent, useEffect, useMemo, useRef } from "react";

import { formatDuration, formatNumber } from "@/lib/format";

import { barPosition, moveInTree, timeMarks, visibleRows, type SpanNode, type SpanRow, type TreeKey } from "../logic/spanTree";
import { SPAN_KINDS } from "./spanKinds";
import classes from "./SpanTree.module.css";

const ROW_HEIGHT = 30;
/** Up to so many rows all are in the page, where the browser's own search finds them. */
const VIRTUAL_FROM = 200;
const KEYS: ReadonlySet<string> = new Set<TreeKey>(["ArrowDown", "ArrowUp", "ArrowLeft", "ArrowRight", "Home", "End"]);

export interface SpanTreeProps {
  readonly forest: readonly SpanNode[];
  readonly extentMs: number;
  readonly collapsed: ReadonlySet<string>;
  readonly selected: string | null;
  readonly onSelect: (spanId: string) => void;
  readonly onToggle: (spanId: string) => void;
}

interface RowProps {
  readonly row: SpanRow;
  readonly extentMs: number;
  readonly selected: boolean;
  readonly onSelect: (spanId: string) => void;
  readonly onToggle: (spanId: string) => void;
}

function Name({ row, onToggle }: Pick<RowProps, "row" | "onToggle">) {
  const { span, depth, children, tokens } = row.node;
  const look = SPAN_KINDS[span.kind];
  return (
    <div className={classes.name} style={{ paddingLeft: 4 + depth * 16 }}>
      {children.length > 0 ? (
        <ActionIcon
          size={18}
          variant="subtle"
          color="gray"
          tabIndex={-1}
          aria-label={row.expanded ? `Hide what is below ${span.name}` : `Show what is below ${span.name}`}
          onClick={(event) => {
            event.stopPropagation();
            onToggle(span.span_id);
          }}
        >
          {row.expanded ? <IconChevronDown size={14} /> : <IconChevronRight size={14} />}
        </ActionIcon>
      ) : (
        <span className={classes.leaf} />
      )}
      <look.icon size={16} stroke={1.75} style={{ color: look.color }} aria-label={look.label} role="img" />
      <span className={classes.label} title={span.name}>
        {span.name}
      </span>
      {span.status === "error" && <IconAlertTriangle size={14} className={classes.error} aria-label="failed" role="img" />}
      {tokens !== null && tokens > 0 && <span className={classes.tokens}>{formatNumber(tokens)} tok</span>}
    </div>
  );
}

type LabelPlace = "after" | "before" | "inside";

/** A bar's duration stands after it, or before it where there is no room, or in it when it fills the lane. */
function labelPlace(left: number, width: number): LabelPlace {
  if (left + width <= 78) return "after";
  return left >= 26 ? "before" : "inside";
}

function labelStyle(place: LabelPlace, left: number, width: number): CSSProperties {
  if (place === "after") return { left: `calc(${left + width}% + 8px)` };
  return { right: place === "before" ? `calc(${100 - left}% + 6px)` : `calc(${100 - left - width}% + 6px)` };
}

function Bar({ row, extentMs }: Pick<RowProps, "row" | "extentMs">) {
  const { span } = row.node;
  const { left, width } = barPosition(span, extentMs);
  const text = formatDuration(span.duration_ms);
  const place = labelPlace(left, width);
  return (
    <div className={classes.lane}>
      <div
        className={classes.bar}
        data-error={span.status === "error" || undefined}
        style={{ left: `${String(left)}%`, width: `max(3px, ${String(width)}%)`, background: SPAN_KINDS[span.kind].color }}
      />
      <span
        className={classes.duration}
        data-place={place}
        style={labelStyle(place, left, width)}
      >
        {text}
      </span>
    </div>
  );
}

function Row({ row, extentMs, selected, onSelect, onToggle }: RowProps) {
  const id = row.node.span.span_id;
  return (
    <div
      id={`span-${id}`}
      role="treeitem"
      aria-level={row.node.depth + 1}
      aria-selected={selected}
      aria-expanded={row.node.children.length > 0 ? row.expanded : undefined}
      className={classes.row}
      onClick={() => {
        onSelect(id);
      }}
    >
      <Name row={row} onToggle={onToggle} />
      <Bar row={row} extentMs={extentMs} />
    </div>
  );
}

function Axis({ extentMs }: { readonly extentMs: number }) {
  return (
    <div className={classes.axis} aria-hidden>
      <span className={classes.axisTitle}>Span</span>
      <div className={classes.marks}>
        {timeMarks(extentMs).map((mark) => (
          <span key={mark} className={classes.mark} style={{ left: `${String((mark / extentMs) * 100)}%` }}>
            {mark === 0 ? "0" : formatDuration(mark)}
          </span>
        ))}
      </div>
    </div>
  );
}

/** The spans of a trace as a tree beside their waterfall. One tab stop; arrows move, open and close, Home and End jump. */
export function SpanTree({ forest, extentMs, collapsed, selected, onSelect, onToggle }: SpanTreeProps) {
  const scroller = useRef<HTMLDivElement>(null);
  const rows = useMemo(() => visibleRows(forest, collapsed), [forest, collapsed]);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_HEIGHT,
    overscan: 12,
    initialRect: { width: 800, height: 600 },
  });
  const placed = rows.length > VIRTUAL_FROM ? virtual.getVirtualItems() : rows.map((_row, at) => ({ index: at, start: at * ROW_HEIGHT }));
  const index = rows.findIndex((row) => row.node.span.span_id === selected);
  useEffect(() => {
    if (index >= 0) virtual.scrollToIndex(index, { align: "auto" });
  }, [index, virtual]);

  const press = (event: KeyboardEvent): void => {
    if (!KEYS.has(event.key)) return;
    event.preventDefault();
    const move = moveInTree(rows, selected, event.key as TreeKey);
    if (move.kind === "select") onSelect(move.spanId);
    else if (move.kind === "toggle") onToggle(move.spanId);
  };

  return (
    <div className={classes.frame}>
      <Axis extentMs={extentMs} />
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
            return (
              <div key={row.node.span.span_id} className={classes.slot} style={{ transform: `translateY(${String(item.start)}px)` }}>
                <Row row={row} extentMs={extentMs} selected={item.index === index} onSelect={onSelect} onToggle={onToggle} />
              </div>
            );
          })}
        </div>
      </div>
    </div>
  );
}
