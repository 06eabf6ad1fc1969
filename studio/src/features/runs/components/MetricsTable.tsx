import { ValueView } from "@/ui/ValueView";
import { besideText } from "../logic/metrics";
import { metricText, signedText } from "../logic/values";
import type { MetricParts, Run } from "../model";
import classes from "./OverviewTab.module.css";

function Cell({ value, base, name, beside }: { readonly value: unknown; readonly base: unknown; readonly name: string; readonly beside: string }) {
  if (typeof value === "object" && value !== null) return <ValueView value={value} label={`Copy ${name}`} maxHeight={160} />;
  return (
    <>
      {metricText(value)}
      {typeof value === "number" && typeof base === "number" && <div className={classes.shape}>{signedText(value - base)}</div>}
      {beside !== "" && <div className={classes.shape}>{beside}</div>}
    </>
  );
}

/** A run's metrics by variant: an empty variant name stands for a run without variants. */
export function metricsOf(run: Run): Readonly<Record<string, Readonly<Record<string, unknown>>>> {
  const variants = run.variant_metrics ?? {};
  if (Object.keys(variants).length > 0) return variants;
  return Object.keys(run.metrics ?? {}).length > 0 ? { "": run.metrics ?? {} } : {};
}

interface MetricsTableProps {
  readonly variants: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  /** The metrics that belong to no other, with the names of those that say more of each. */
  readonly parts: Readonly<Record<string, MetricParts>>;
}

/** Metrics as a table; with variants one column each, and the difference to the first below each number. */
export function MetricsTable({ variants, parts }: MetricsTableProps) {
  const sides = Object.entries(variants);
  return (
    <div className={classes.scroll} tabIndex={0} role="group" aria-label="Metrics by variant">
      <table className={classes.metrics}>
        <thead>
          <tr>
            <th scope="col">Metric</th>
            {sides.map(([variant]) => (
              <th key={variant} scope="col" className={classes.number}>
                {variant === "" ? "Value" : variant}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {Object.entries(parts).map(([name, more]) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              {sides.map(([variant, metrics], index) => (
                <td key={variant} className={classes.number}>
                  <Cell value={metrics[name]} base={index > 0 ? sides[0]?.[1][name] : undefined} name={name} beside={besideText(more, metrics)} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
