import { IconArrowDownRight, IconArrowUpRight, IconEqual, IconTilde } from "@tabler/icons-react";
import { formatNumber } from "@/lib/format";
import { ValueView } from "@/ui/ValueView";
import { type Certainty, certaintyOf } from "../logic/comparison";
import { besideText } from "../logic/metrics";
import { metricText, signedText } from "../logic/values";
import type { ComparedName, ComparedSide, ComparedValue } from "../model";
import classes from "./OverviewTab.module.css";

const SHAPES: Readonly<Record<Certainty, { readonly icon: typeof IconEqual; readonly words: string }>> = {
  higher: { icon: IconArrowUpRight, words: "higher for certain: zero is outside the interval" },
  lower: { icon: IconArrowDownRight, words: "lower for certain: zero is outside the interval" },
  open: { icon: IconTilde, words: "not certain: zero is inside the interval" },
  same: { icon: IconEqual, words: "the same on every row" },
};

function Difference({ value }: { readonly value: ComparedValue }) {
  if (typeof value.difference !== "number") return null;
  const certainty = certaintyOf(value);
  const shape = certainty === null ? null : SHAPES[certainty];
  return (
    <div className={classes.shape} title={shape?.words}>
      {shape && <shape.icon size={13} style={{ verticalAlign: -2 }} role="img" aria-label={shape.words} />} {signedText(value.difference)}
      {typeof value.low === "number" && typeof value.high === "number" && ` (${metricText(value.low)} to ${metricText(value.high)})`}
    </div>
  );
}

function Cell({ name, value, beside }: { readonly name: string; readonly value: ComparedValue | undefined; readonly beside: string }) {
  if (!value) return <>–</>;
  if (typeof value.value === "object" && value.value !== null) return <ValueView value={value.value} label={`Copy ${name}`} maxHeight={140} />;
  return (
    <>
      <span title={value.n == null ? undefined : `${formatNumber(value.n)} rows`}>{metricText(value.value)}</span>
      <Difference value={value} />
      {beside !== "" && <div className={classes.shape}>{beside}</div>}
    </>
  );
}

interface DistributionProps {
  readonly score: ComparedName;
  readonly index: number;
}

function binText(low: number, high: number): string {
  return Number.isInteger(low + 0.5) && high - low === 1 ? metricText(low + 0.5) : `${metricText(low)} to ${metricText(high)}`;
}

/** How a side's rows spread over the bins of a score; the highest bar of all sides is as high as the box. */
function Distribution({ score: { name, values, edges = [] }, index }: DistributionProps) {
  const shares = values.map(({ counts = [] }) => {
    const all = counts.reduce((sum, count) => sum + count, 0);
    return counts.map((count) => count / Math.max(all, 1));
  });
  const most = Math.max(...shares.flat());
  const counts = values[index]?.counts ?? [];
  if (counts.length < 2 || !(most > 0)) return null;
  const bins = counts.map((count, bin) => `${binText(edges[bin] ?? 0, edges[bin + 1] ?? 0)}: ${formatNumber(count)} ${count === 1 ? "row" : "rows"}`);
  return (
    <div className={classes.distribution} role="img" aria-label={`Distribution of ${name}: ${bins.filter((_, bin) => (counts[bin] ?? 0) > 0).join("; ")}`}>
      {bins.map((text, bin) => (
        <div key={text} className={classes.bin} title={text}>
          <div className={classes.bar} style={{ height: `${String((100 * (shares[index]?.[bin] ?? 0)) / most)}%` }} />
        </div>
      ))}
    </div>
  );
}

/** Values by side, those that say more of another with it, each with its difference to the first and the interval of that difference. */
export function ScoresTable({ sides, scores }: { readonly sides: readonly ComparedSide[]; readonly scores: readonly ComparedName[] }) {
  const bySide = sides.map((_, index) => Object.fromEntries(scores.map(({ name, values }) => [name, values[index]?.value])));
  return (
    <div className={classes.scroll} tabIndex={0} role="group" aria-label="Scores by side">
      <table className={classes.metrics}>
        <thead>
          <tr>
            <th scope="col">Name</th>
            {sides.map((side) => (
              <th key={side.label} scope="col" className={classes.number}>
                {sides.length === 1 ? "Value" : side.label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {scores.filter(({ parts }) => parts).map((score) => (
            <tr key={score.name}>
              <th scope="row">{score.name}</th>
              {sides.map((side, index) => (
                <td key={side.label} className={classes.number}>
                  <Cell name={score.name} value={score.values[index]} beside={besideText(score.parts, bySide[index] ?? {})} />
                  <Distribution score={score} index={index} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
