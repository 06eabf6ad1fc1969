const WHOLE = 100;

/** How traffic is to move to a deployment, as somebody types it: not at all, or in steps. */
export interface CanaryDraft {
  readonly wanted: boolean;
  readonly steps: string;
  readonly everyS: number | string;
}

export interface Canary {
  readonly to: string;
  readonly steps: readonly number[];
  readonly everyS: number;
}

export const NO_CANARY: CanaryDraft = { wanted: false, steps: "5, 25, 50, 100", everyS: 60 };

/** The canary that was asked for; null: none, or something about it has to be mended. */
export function readCanary(draft: CanaryDraft, to: string): Canary | null {
  const read = readSteps(draft.steps);
  return draft.wanted && "value" in read && typeof draft.everyS === "number" ? { to, steps: read.value, everyS: draft.everyS } : null;
}

/** A canary as the address keeps it while its deployment comes up: green@5-25-50-100@60. */
export function canaryText({ to, steps, everyS }: Canary): string {
  return [to, steps.join("-"), everyS].join("@");
}

/** What `canaryText` wrote; null where an address has something else. */
export function canaryOf(text: string): Canary | null {
  const [to = "", steps = "", every = ""] = text.split("@");
  const everyS = Number(every);
  return to === "" ? null : readCanary({ wanted: true, steps: steps.replaceAll("-", ","), everyS: Number.isInteger(everyS) && everyS > 0 ? everyS : "" }, to);
}

/** Rising shares in per cent out of text such as "5, 25, 50, 100", or what is wrong with it. */
export function readSteps(text: string): { readonly value: number[] } | { readonly problem: string } {
  const value = text
    .split(",")
    .map((part) => part.trim())
    .filter((part) => part !== "")
    .map(Number);
  if (value.length === 0 || value.some((step) => !Number.isInteger(step) || step < 1 || step > WHOLE)) return { problem: "Write whole per cents from 1 to 100, with commas between." };
  return value.every((step, index) => index === 0 || step > (value[index - 1] ?? 0)) ? { value } : { problem: "Each step is more than the one before." };
}
