import { BaseEdge, type Edge, type EdgeProps } from "@xyflow/react";
import { memo } from "react";
import { type Point, roundedPath } from "../logic/layout";

export interface RoutedData extends Record<string, unknown> {
  readonly points: readonly Point[];
}

export type RoutedEdgeKind = Edge<RoutedData, "routed">;

/** An edge along the way that the layout found for it, around the nodes. */
function RoutedEdgePlain({ id, data, markerEnd, style }: EdgeProps<RoutedEdgeKind>) {
  return (
    <BaseEdge id={id} path={roundedPath(data?.points ?? [])} {...(markerEnd === undefined ? {} : { markerEnd })} {...(style ? { style } : {})} />
  );
}

export const EDGE_TYPES = { routed: memo(RoutedEdgePlain) };
