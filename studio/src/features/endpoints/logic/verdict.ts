import type { DeploymentCheck } from "@/api/types";

type Outcome = DeploymentCheck["outcome"];

const WORST: readonly Outcome[] = ["bad", "warn", "good"];

/** The checks, what stands against the deployment first. */
export function worstFirst(checks: readonly DeploymentCheck[]): readonly DeploymentCheck[] {
  return WORST.flatMap((outcome) => checks.filter((check) => check.outcome === outcome));
}

/** What the checks come to, in a line. */
export function verdictOf(checks: readonly DeploymentCheck[], anyway: boolean): { readonly tone: Outcome; readonly says: string } {
  const count = (outcome: Outcome) => checks.filter((check) => check.outcome === outcome).length;
  const [bad, notes] = [count("bad"), count("warn")];
  if (bad > 0) {
    const stand = `${bad} of ${checks.length} ${checks.length === 1 ? "check" : "checks"} ${bad === 1 ? "stands" : "stand"} against it`;
    return { tone: "bad", says: anyway ? `${stand}; deployed anyway` : stand };
  }
  if (notes > 0) return { tone: "warn", says: `Nothing stands against it; ${notes === 1 ? "one note" : `${notes} notes`}` };
  return { tone: "good", says: "Nothing stands against it" };
}
