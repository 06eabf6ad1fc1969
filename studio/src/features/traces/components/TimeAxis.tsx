import { type PointerEvent, useState } from "react";
import type { Timeline } from "../hooks/useTimeline";
import { between, markText, timeMarks } from "../logic/timeline";
import classes from "./SpanTree.module.css";

/** A drag shorter than this is a click, pixels. */
const LEAST_DRAG = 4;

interface Drag {
  readonly from: number;
  readonly to: number;
}

function shareAt(event: PointerEvent<HTMLElement>): number {
  const box = event.currentTarget.getBoundingClientRect();
  return Math.min(1, Math.max(0, (event.clientX - box.left) / box.width));
}

/** The time above the bars. A drag over it shows the part that was dragged over, a double click the whole. */
export function TimeAxis({ timeline }: { readonly timeline: Timeline }) {
  const { view, extent } = timeline;
  const [drag, setDrag] = useState<Drag | null>(null);
  const long = view.to - view.from;
  const finish = (event: PointerEvent<HTMLElement>): void => {
    if (!drag) return;
    setDrag(null);
    if (Math.abs(drag.to - drag.from) * event.currentTarget.clientWidth < LEAST_DRAG) return;
    timeline.change((now) => between(now.from + drag.from * long, now.from + drag.to * long, extent));
  };
  return (
    <div className={classes.axis} aria-hidden>
      <span className={classes.axisTitle}>Span</span>
      <div
        className={classes.marks}
        onPointerDown={(event) => {
          if (event.button !== 0) return;
          event.currentTarget.setPointerCapture(event.pointerId);
          const share = shareAt(event);
          setDrag({ from: share, to: share });
        }}
        onPointerMove={(event) => {
          if (drag) setDrag({ from: drag.from, to: shareAt(event) });
        }}
        onPointerUp={finish}
        onPointerCancel={() => setDrag(null)}
        onDoubleClick={timeline.reset}
      >
        {timeMarks(view).map((mark) => (
          <span key={mark} className={classes.mark} style={{ left: `${String(((mark - view.from) / long) * 100)}%` }}>
            {markText(mark, view)}
          </span>
        ))}
        {drag && <span className={classes.drag} style={{ left: `${String(Math.min(drag.from, drag.to) * 100)}%`, width: `${String(Math.abs(drag.to - drag.from) * 100)}%` }} />}
      </div>
    </div>
  );
}
