import { IconAlertTriangle, IconChevronDown, IconChevronRight } from "@tabler/icons-react";
import { memo, type CSSProperties } from "react";
import { formatDuration, formatNumber } from "@/lib/format";
import type { SpanRow as Row } from "../logic/spanTree";
import { barPlace, type View } from "../logic/timeline";
import { SPAN_KINDS } from "./spanKinds";
import classes from "./SpanTree.module.css";

interface NameProps {
  readonly row: Row;
  readonly onToggle: (spanId: string) => void;
}

const Name = memo(function Name({ row, onToggle }: NameProps) {
  const { span, depth, children, tokens } = row.node;
  const look = SPAN_KINDS[span.kind];
  return (
    <div className={classes.name} style={{ paddingLeft: `min(${4 + depth * 16}px, 60%)` }}>
      {children.length > 0 ? (
        <button
          type="button"
          className={classes.toggle}
          tabIndex={-1}
          aria-label={row.expanded ? `Hide what is below ${span.name}` : `Show what is below ${span.name}`}
          onClick={(event) => {
            event.stopPropagation();
            onToggle(span.span_id);
          }}
        >
          {row.expanded ? <IconChevronDown size={14} /> : <IconChevronRight size={14} />}
        </button>
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
});

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

function Bar({ row, view }: { readonly row: Row; readonly view: View }) {
  const { span } = row.node;
  const bar = barPlace(span, view);
  const text = formatDuration(span.duration_ms);
  if (bar === "before" || bar === "after")
    return (
      <div className={classes.lane}>
        <span className={classes.duration} style={bar === "before" ? { left: 4 } : { right: 4 }} title={bar === "before" ? "Earlier than what is in sight" : "Later than what is in sight"}>
          {bar === "before" ? `‹ ${text}` : `${text} ›`}
        </span>
      </div>
    );
  const { left, width } = bar;
  const place = labelPlace(left, width);
  return (
    <div className={classes.lane}>
      <div
        className={classes.bar}
        data-error={span.status === "error" || undefined}
        style={{ left: `min(${String(left)}%, calc(100% - 3px))`, width: `max(3px, ${String(width)}%)`, background: SPAN_KINDS[span.kind].color }}
      />
      <span className={classes.duration} data-place={place} style={labelStyle(place, left, width)}>
        {text}
      </span>
    </div>
  );
}

interface SpanRowProps extends NameProps {
  readonly view: View;
  readonly selected: boolean;
  /** Whether it holds what is looked for. */
  readonly found: boolean;
  readonly onSelect: (spanId: string) => void;
}

/** A span as a row: its name in the tree, its bar on the timeline. */
export const SpanRow = memo(function SpanRow({ row, view, selected, found, onSelect, onToggle }: SpanRowProps) {
  const id = row.node.span.span_id;
  return (
    <div
      id={`span-${id}`}
      role="treeitem"
      aria-level={row.node.depth + 1}
      aria-selected={selected}
      aria-expanded={row.node.children.length > 0 ? row.expanded : undefined}
      data-found={found || undefined}
      className={classes.row}
      onClick={() => {
        onSelect(id);
      }}
    >
      <Name row={row} onToggle={onToggle} />
      <Bar row={row} view={view} />
    </div>
  );
});
