import type { RedactedPart, RedactionRule, RetentionDays, TelemetryPolicy, TelemetryPolicyWrite } from "@/api/types";

/** A piece of a text: what a rule found, or what lies between. */
export interface Piece {
  readonly text: string;
  readonly rule: RedactionRule | null;
}

/** A text in pieces, by what was found in it. Positions count characters, of which some take two places in a JavaScript text. */
export function piecesOf(text: string, found: readonly RedactedPart[]): readonly Piece[] {
  const characters = Array.from(text);
  const pieces: Piece[] = [];
  let at = 0;
  for (const { rule, start, end } of [...found].sort((one, other) => one.start - other.start)) {
    if (start > at) pieces.push({ text: characters.slice(at, start).join(""), rule: null });
    pieces.push({ text: characters.slice(Math.max(at, start), end).join(""), rule });
    at = Math.max(at, end);
  }
  if (at < characters.length) pieces.push({ text: characters.slice(at).join(""), rule: null });
  return pieces;
}

/** The signals, in the order in which they are shown. */
export const SIGNALS: readonly (readonly [signal: keyof RetentionDays, label: string])[] = [
  ["spans", "Traces"],
  ["logs", "Log records"],
  ["metrics", "Metrics"],
  ["scores", "Scores"],
];

/** A policy as it is written: without when it was set. */
export function writeOf({ redact, retention_days, sampling_ratio }: TelemetryPolicy): TelemetryPolicyWrite {
  return { redact, retention_days, sampling_ratio };
}

/** What a change of policy does that cannot be undone, in sentences; none where nothing is lost. */
export function lossesOf(before: TelemetryPolicyWrite, after: TelemetryPolicyWrite): readonly string[] {
  const days = (value: number | null | undefined): number => value ?? Infinity;
  const shorter = SIGNALS.filter(([signal]) => days(after.retention_days[signal]) < days(before.retention_days[signal]));
  const ended = before.redact.filter((rule) => !after.redact.includes(rule));
  return [
    ...shorter.map(([signal, label]) => `${label} older than ${days(after.retention_days[signal])} days are deleted within the hour.`),
    ...((after.sampling_ratio ?? 1) < (before.sampling_ratio ?? 1) ? ["Traces that are not in the share are never kept, failed ones included; figures and costs count the share only."] : []),
    ...(ended.length > 0 ? [`What ${ended.join(", ")} would find is kept as it is from now on.`] : []),
  ];
}
