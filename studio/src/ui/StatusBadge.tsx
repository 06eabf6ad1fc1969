import {
  IconAlertTriangleFilled,
  IconCircle,
  IconCircleCheckFilled,
  IconCircleDashed,
  IconCircleOff,
  IconLoader2,
  IconSquareRoundedXFilled,
} from "@tabler/icons-react";
import { memo } from "react";
import classes from "./StatusBadge.module.css";

/** What a status means, told by shape as well as colour. */
export type Tone = "good" | "busy" | "warn" | "bad" | "idle" | "waiting" | "off";

const TONES: Record<string, Tone> = {
  completed: "good",
  healthy: "good",
  ready: "good",
  ok: "good",
  running: "busy",
  starting: "busy",
  deploying: "busy",
  pulling: "busy",
  canceling: "busy",
  deleting: "busy",
  restarting: "warn",
  unhealthy: "bad",
  failed: "bad",
  damaged: "bad",
  error: "bad",
  queued: "waiting",
  pending: "waiting",
  not_pulled: "idle",
  stopped: "idle",
  none: "idle",
  unset: "idle",
  canceled: "off",
  bypassed: "off",
  revoked: "off",
  expired: "off",
};

const LABELS: Record<string, string> = { not_pulled: "Not pulled", ok: "OK", unset: "No status", none: "Idle" };
const ICONS: Record<Tone, typeof IconCircle> = {
  good: IconCircleCheckFilled,
  busy: IconLoader2,
  warn: IconAlertTriangleFilled,
  bad: IconSquareRoundedXFilled,
  idle: IconCircle,
  waiting: IconCircleDashed,
  off: IconCircleOff,
};

/** The tone of any status the API knows. */
export function toneOf(status: string): Tone {
  return TONES[status] ?? "idle";
}

/** CSS variables of a tone: its text colour and its surface. */
export function toneColors(tone: Tone): { color: string; background: string } {
  const name = tone === "waiting" || tone === "off" ? "idle" : tone;
  return { color: `var(--fy-${name})`, background: `var(--fy-${name}-bg)` };
}

/** The shape and colour of a tone, without words. */
export const StatusIcon = memo(function StatusIcon({ tone, size = 14 }: { tone: Tone; size?: number }) {
  const Icon = ICONS[tone];
  return <Icon size={size} className={`${classes.icon} ${classes[tone]} ${tone === "busy" ? classes.spin : ""}`} aria-hidden />;
});

interface StatusBadgeProps {
  status: string;
  label?: string;
  tone?: Tone;
  /** Without its surface: for tables. */
  bare?: boolean;
}

/** A status in words, shape and colour. */
export function StatusBadge({ status, label, tone = toneOf(status), bare = false }: StatusBadgeProps) {
  const text = label ?? LABELS[status] ?? status.charAt(0).toUpperCase() + status.slice(1).replaceAll("_", " ");
  return (
    <span className={`${classes.badge} ${classes[tone]} ${bare ? "" : classes.filled}`}>
      <StatusIcon tone={tone} />
      {text}
    </span>
  );
}
