import { IconArrowDownRight, IconArrowUpRight, IconEqual, IconTilde } from "@tabler/icons-react";
import { formatNumber } from "@/lib/format";
import { ValueView } from "@/ui/ValueView";
import { type Certainty, certaintyOf } from "../logic/comparison";
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

function Cell({ name, value }: { readonly name: string; readonly value: ComparedValue | undefined }) {
  if (!value) return <>–</>;
  if (typeof value.value === "object" && value.value !== null) return <ValueView value={value.value} label={`Copy ${name}`} maxHeight={140} />;
  return (
    <>
      <span title={value.n == null ? undefined : `${formatNumber(value.n)} rows`}>{metricText(value.value)}</span>
      <Difference value={value} />
    </>
  );
}

/** Values by side, each with its difference to the first and the interval of that difference. */
export function ScoresTable({ sides, scores }: { readonly sides: readonly ComparedSide[]; readonly scores: readonly ComparedName[] }) {
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
          {scores.map(({ name, values }) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              {sides.map((side, index) => (
                <td key={side.label} className={classes.number}>
                  <Cell name={name} value={values[index]} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
