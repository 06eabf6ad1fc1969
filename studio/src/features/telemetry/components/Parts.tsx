import { Checkbox, NumberInput, Slider, Switch, Text } from "@mantine/core";
import type { RedactionRule, RedactionRuleFacts, RetentionDays } from "@/api/types";
import { formatNumber } from "@/lib/format";
import { SIGNALS } from "../logic/policy";
import classes from "./Policy.module.css";

interface RulesProps {
  readonly rules: readonly RedactionRuleFacts[];
  readonly chosen: readonly RedactionRule[];
  readonly locked: boolean;
  readonly onChange: (chosen: RedactionRule[]) => void;
}

/** The rules of redaction with what was measured of each. */
export function Rules({ rules, chosen, locked, onChange }: RulesProps) {
  return (
    <table className={classes.rules}>
      <thead>
        <tr>
          <th scope="col" style={{ width: "60%" }}>
            Rule
          </th>
          <th scope="col">Leaves</th>
          <th scope="col" className={classes.number} title="The share of what was found that was right">
            Precision
          </th>
          <th scope="col" className={classes.number} title="The share of what was there that was found">
            Recall
          </th>
          <th scope="col" className={classes.number} title="Sentences with something to find + without, most of these hard on purpose">
            Sentences
          </th>
        </tr>
      </thead>
      <tbody>
        {rules.map((rule) => (
          <tr key={rule.name}>
            <td>
              <Checkbox
                size="xs"
                styles={{ description: { fontSize: 12, marginTop: 2 } }}
                label={rule.name}
                description={rule.title}
                checked={chosen.includes(rule.name)}
                disabled={locked}
                onChange={(event) => onChange(event.currentTarget.checked ? [...chosen, rule.name] : chosen.filter((name) => name !== rule.name))}
              />
            </td>
            <td>
              <code>{rule.marker}</code>
            </td>
            <td className={classes.number}>{rule.precision.toFixed(2)}</td>
            <td className={classes.number}>{rule.recall.toFixed(2)}</td>
            <td className={classes.number}>
              {formatNumber(rule.sentences_with)} + {formatNumber(rule.sentences_without)}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

interface RetentionProps {
  readonly days: RetentionDays;
  readonly locked: boolean;
  readonly onChange: (days: RetentionDays) => void;
}

const MOST_DAYS = 36_500;
const OFFERED = 90;

/** For how long the rows of each signal are kept. */
export function Retention({ days, locked, onChange }: RetentionProps) {
  return (
    <div className={classes.days}>
      {SIGNALS.map(([signal, label]) => {
        const count = days[signal] ?? null;
        return (
          <div key={signal} style={{ display: "contents" }}>
            <span>{label}</span>
            <NumberInput
              size="xs"
              aria-label={`Days that ${signal} are kept`}
              min={1}
              max={MOST_DAYS}
              allowDecimal={false}
              suffix=" days"
              placeholder="for good"
              value={count ?? ""}
              disabled={locked || count === null}
              onChange={(value) => {
                if (typeof value === "number" && value >= 1) onChange({ ...days, [signal]: value });
              }}
            />
            <Switch size="xs" label="For good" disabled={locked} checked={count === null} onChange={(event) => onChange({ ...days, [signal]: event.currentTarget.checked ? null : OFFERED })} />
          </div>
        );
      })}
    </div>
  );
}

interface SamplingProps {
  readonly ratio: number;
  readonly locked: boolean;
  readonly onChange: (ratio: number) => void;
}

/** Which share of the traces is kept. */
export function Sampling({ ratio, locked, onChange }: SamplingProps) {
  return (
    <>
      <div style={{ display: "grid", gridTemplateColumns: "1fr 110px", gap: 16, alignItems: "center" }}>
        <Slider min={0} max={100} step={1} label={null} thumbLabel="Share of traces, per cent" value={ratio * 100} disabled={locked} onChange={(value) => onChange(value / 100)} />
        <NumberInput size="xs" aria-label="Share of traces that are kept, per cent" min={0} max={100} decimalScale={3} suffix=" %" clampBehavior="strict" value={Number((ratio * 100).toFixed(3))} disabled={locked} onChange={(value) => typeof value === "number" && onChange(value / 100)} />
      </div>
      <Text size="xs" c="dimmed">
        {ratio >= 1 ? "All traces are kept." : "Whole traces, the same ones in every process. Figures and costs count what is kept; metrics and scores are all kept."}
      </Text>
    </>
  );
}
