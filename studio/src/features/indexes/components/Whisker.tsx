import { Group } from "@mantine/core";
import type { MeasuredMean } from "@/api/types";
import { points, type Scale, whiskerOf } from "../logic/measured";
import classes from "./Whisker.module.css";

interface WhiskerProps {
  readonly mean: MeasuredMean | undefined;
  readonly scale: Scale;
  /** The interval is drawn, and told on hover. */
  readonly brief?: boolean;
}

/** A mean in points with its interval drawn on a scale that all those beside it have. */
export function Whisker({ mean, scale, brief = false }: WhiskerProps) {
  if (mean === undefined) return "–";
  const { at, from, to } = whiskerOf(mean, scale);
  return (
    <Group gap="sm" wrap="nowrap" justify="flex-end">
      <span className="fy-num" title={points(mean)}>
        {points(brief ? { mean: mean.mean } : mean)}
      </span>
      <span className={classes.whisker} aria-hidden="true" title={`Of a scale from ${points({ mean: scale.low })} to ${points({ mean: scale.high })}`}>
        {from !== null && to !== null && <span className={classes.interval} style={{ left: `${from}%`, width: `${to - from}%` }} />}
        <span className={classes.mean} style={{ left: `${at}%` }} />
      </span>
    </Group>
  );
}
