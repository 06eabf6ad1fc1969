import type { DataFinding } from "@/api/types";
import { formatNumber } from "@/lib/format";
import { StatusIcon, type Tone } from "@/ui/StatusBadge";
import classes from "./Look.module.css";

const TONES: Record<DataFinding["severity"], Tone> = { info: "idle", warning: "warn", error: "bad" };

/** What is odd about data, with the place and what to do. Nothing where nothing is. */
export function Findings({ findings }: { readonly findings: readonly DataFinding[] }) {
  if (findings.length === 0) return null;
  return (
    <ul className={classes.findings} aria-label="Findings" tabIndex={0}>
      {findings.map((finding, index) => (
        <li key={index}>
          <span style={{ alignSelf: "flex-start", marginTop: 2 }}>
            <StatusIcon tone={TONES[finding.severity]} />
          </span>
          <span>
            {(finding.file ?? finding.line) !== null && (finding.file ?? finding.line) !== undefined && (
              <span className={classes.place}>{[finding.file, finding.line].filter((part) => part !== null && part !== undefined).join(":")} </span>
            )}
            {finding.message}
            {(finding.count ?? 1) > 1 && ` (${formatNumber(finding.count ?? 1)} places)`}
            {finding.remedy && <span style={{ color: "var(--mantine-color-dimmed)" }}> {finding.remedy}</span>}
          </span>
        </li>
      ))}
    </ul>
  );
}
