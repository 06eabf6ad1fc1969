import type { GatewayStatus } from "@/api/types";

export type BreakerState = GatewayStatus["targets"][number]["breaker"];

const ORDER: readonly BreakerState[] = ["closed", "half-open", "open"];

/** The worst of a route's breakers at any gateway; null where no call has been made. */
export function worstBreaker(gateways: readonly GatewayStatus[], route: string, model?: string): BreakerState | null {
  const states = gateways.flatMap(({ targets }) => targets.filter((one) => one.route === route && (model === undefined || one.model === model)).map(({ breaker }) => breaker));
  return states.reduce<BreakerState | null>((worst, state) => (worst === null || ORDER.indexOf(state) > ORDER.indexOf(worst) ? state : worst), null);
}

/** How calls to a route's models, or to one of them, ended at all gateways. */
export function callsOf(gateways: readonly GatewayStatus[], route: string, model?: string): { readonly answered: number; readonly failed: number } {
  const targets = gateways.flatMap((each) => each.targets).filter((one) => one.route === route && (model === undefined || one.model === model));
  return { answered: targets.reduce((sum, one) => sum + one.answered, 0), failed: targets.reduce((sum, one) => sum + one.failed, 0) };
}

/** The share of the answers that came from the cache, 0 to 1; null where none was asked for. */
export function hitRate({ cache_hits: hits, cache_misses: misses }: Pick<GatewayStatus, "cache_hits" | "cache_misses">): number | null {
  return hits + misses === 0 ? null : hits / (hits + misses);
}
