import { useVirtualizer } from "@tanstack/react-virtual";
import { IconAlertTriangle, IconEqual, IconMinus, IconPlus, IconTilde } from "@tabler/icons-react";
import { type KeyboardEvent, memo, useEffect, useRef } from "react";
import { formatDuration, formatMoney, formatNumber } from "@/lib/format";
import { change, differs, type Pair } from "../logic/pairing";
import type { Span } from "../model";
import classes from "./Compare.module.css";
import { SPAN_KINDS } from "./spanKinds";

const ROW_HEIGHT = 40;

interface FigureProps {
  readonly before: number | null | undefined;
  readonly after: number | null | undefined;
  readonly text: (value: number) => string;
}

/** A figure of the left, below it that of the right and by how much it changed. */
function Figure({ before, after, text }: FigureProps) {
  const known = (value: number | null | undefined): string => (value === null || value === undefined ? "–" : text(value));
  if ((before ?? null) === null && (after ?? null) === null) return <span />;
  return (
    <span className={classes.figure}>
      <span className={classes.before}>{known(before)}</span>
      <span>
        <span className={classes.change}>{change(before, after)}</span> {known(after)}
      </span>
    </span>
  );
}

const tokens = (span: Span | undefined): number | null => (span?.completion_tokens == null && span?.prompt_tokens == null ? null : (span.prompt_tokens ?? 0) + (span.completion_tokens ?? 0));
const cost = (span: Span | undefined): number | null => (span?.cost ? Number(span.cost.micros) : null);

/** What happened to a step, told by shape as well as colour. */
function Mark({ pair }: { readonly pair: Pair }) {
  if (!pair.left) return <IconPlus size={14} color="var(--fy-good)" role="img" aria-label="Only in the right trace" />;
  if (!pair.right) return <IconMinus size={14} color="var(--fy-bad)" role="img" aria-label="Only in the left trace" />;
  if (pair.right.span.status === "error" || pair.left.span.status === "error")
    return <IconAlertTriangle size={14} color="var(--fy-bad)" role="img" aria-label={pair.right.span.status === "error" ? "Failed in the right trace" : "Failed in the left trace"} />;
  if (differs(pair)) return <IconTilde size={14} color="var(--fy-warn)" role="img" aria-label="Other input or output" />;
  return <IconEqual size={14} color="var(--mantine-color-dimmed)" role="img" aria-label="The same input and output" />;
}

const Row = memo(function Row({ pair, selected, onSelect }: { readonly pair: Pair; readonly selected: boolean; readonly onSelect: (id: string) => void }) {
  const [left, right] = [pair.left?.span, pair.right?.span];
  const span = left ?? right;
  if (!span) return null;
  const look = SPAN_KINDS[span.kind];
  const name = left && right && left.name !== right.name ? `${left.name} → ${right.name}` : span.name;
  return (
    <div id={`pair-${pair.id}`} role="option" aria-selected={selected} className={classes.row} onClick={() => onSelect(pair.id)}>
      <span className={classes.step} style={{ paddingLeft: `min(${10 + pair.depth * 16}px, 60%)` }}>
        <Mark pair={pair} />
        <look.icon size={15} stroke={1.75} style={{ color: look.color, flex: "none" }} role="img" aria-label={look.label} />
        <span className="fy-truncate" title={name}>
          {name}
        </span>
      </span>
      <Figure before={left?.duration_ms} after={right?.duration_ms} text={formatDuration} />
      <Figure before={tokens(left)} after={tokens(right)} text={(value) => formatNumber(value)} />
      <Figure before={cost(left)} after={cost(right)} text={(value) => formatMoney(String(value), span.cost?.currency ?? "USD")} />
    </div>
  );
});

interface PairRowsProps {
  readonly pairs: readonly Pair[];
  readonly selected: string | null;
  readonly onSelect: (id: string) => void;
}

/** The steps of two traces beside each other. One tab stop; arrows move. */
export function PairRows({ pairs, selected, onSelect }: PairRowsProps) {
  const frame = useRef<HTMLDivElement>(null);
  const index = pairs.findIndex((pair) => pair.id === selected);
  const virtual = useVirtualizer({ count: pairs.length, getScrollElement: () => frame.current, estimateSize: () => ROW_HEIGHT, overscan: 10, initialRect: { width: 800, height: 600 } });
  useEffect(() => {
    if (index >= 0) virtual.scrollToIndex(index, { align: "auto" });
  }, [index, virtual]);
  const press = (event: KeyboardEvent): void => {
    const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    const next = pairs[index + step];
    if (step === 0 || !next) return;
    event.preventDefault();
    onSelect(next.id);
  };
  return (
    <div className={classes.pairs}>
      <div className={`${classes.row ?? ""} ${classes.heads ?? ""}`} aria-hidden>
        <span style={{ paddingLeft: 12 }}>Step</span>
        <span>Duration</span>
        <span>Tokens</span>
        <span>Cost</span>
      </div>
      <div ref={frame} className={classes.scroller} role="listbox" aria-label="Steps of both traces" tabIndex={0} aria-activedescendant={index >= 0 ? `pair-${selected ?? ""}` : undefined} onKeyDown={press}>
        <div style={{ height: virtual.getTotalSize(), position: "relative" }}>
          {virtual.getVirtualItems().map((item) => {
            const pair = pairs[item.index];
            return (
              pair && (
                <div key={pair.id} className={classes.slot} style={{ transform: `translateY(${String(item.start)}px)` }}>
                  <Row pair={pair} selected={item.index === index} onSelect={onSelect} />
                </div>
              )
            );
          })}
        </div>
      </div>
    </div>
  );
}
