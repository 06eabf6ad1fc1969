import { StatusBadge } from "@/ui/StatusBadge";
import type { BreakerState } from "../logic/status";

const LOOKS = {
  closed: { label: "Closed", tone: "good" },
  "half-open": { label: "Trying", tone: "warn" },
  open: { label: "Open", tone: "bad" },
} as const;

/** A breaker's state: open means that the model is left alone for a while. */
export function BreakerBadge({ state }: { readonly state: BreakerState | null }) {
  if (state === null) return <StatusBadge bare status="idle" tone="idle" label="Not called" />;
  return <StatusBadge bare status={state} {...LOOKS[state]} />;
}
