import ELK, { type ELK as Elk } from "elkjs/lib/elk-api.js";
import elkWorkerUrl from "elkjs/lib/elk-worker.min.js?url";
import { useEffect, useState } from "react";

import { positionsOf, shapeOf, toElk, type Point } from "../logic/layout";
import type { FlowGraph } from "../model";

let shared: Elk | null = null;

/** ELK in one web worker for the whole page: a layout never holds up typing or dragging. */
function elk(): Elk {
  shared ??= new ELK({ workerUrl: elkWorkerUrl });
  return shared;
}

export interface FlowLayout {
  /** Positions by node; null until the first layout is there. */
  readonly positions: ReadonlyMap<string, Point> | null;
  readonly error: string | null;
}

/** The graph laid out in layers. Laid out again only when its shape changes; until then the last positions stay. */
export function useFlowLayout(graph: FlowGraph): FlowLayout {
  const [layout, setLayout] = useState<FlowLayout>({ positions: null, error: null });
  const shape = shapeOf(graph);
  useEffect(() => {
    let wanted = true;
    elk()
      .layout(toElk(graph))
      .then((laidOut) => {
        if (wanted) setLayout({ positions: positionsOf(laidOut), error: null });
      })
      .catch((error: unknown) => {
        if (wanted) setLayout((last) => ({ ...last, error: error instanceof Error ? error.message : String(error) }));
      });
    return () => {
      wanted = false;
    };
    // The shape stands for the graph: what a node holds does not move it.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [shape]);
  return layout;
}
