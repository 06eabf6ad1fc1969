import { stringify } from "yaml";
import type { Route, RouteSpec } from "@/api/types";

type Logging = "all" | "sample" | "metadata" | "none";

export interface DraftTarget {
  /** Tells rows apart while they are edited. */
  readonly id: number;
  readonly model: string;
  readonly weight: number | string;
}

/** A route as a form holds it. */
export interface RouteDraft {
  readonly name: string;
  readonly targets: readonly DraftTarget[];
  readonly fallbacks: readonly string[];
  readonly attempts: number | string;
  readonly retryOn: "unreached" | "always";
  readonly backoffS: number | string;
  readonly timeoutS: number | string;
  readonly errors: number | string;
  readonly windowS: number | string;
  readonly openS: number | string;
  readonly cached: boolean;
  readonly ttlS: number | string;
  readonly scope: "key" | "workspace";
  readonly sampled: boolean;
  readonly logging: Logging;
  /** Per cent of the traces whose texts are kept. */
  readonly share: number | string;
}

export const NEW_ROUTE: RouteDraft = {
  name: "",
  targets: [{ id: 0, model: "", weight: 1 }],
  fallbacks: [],
  attempts: 1,
  retryOn: "unreached",
  backoffS: 0.1,
  timeoutS: "",
  errors: 5,
  windowS: 30,
  openS: 15,
  cached: false,
  ttlS: 3600,
  scope: "key",
  sampled: false,
  logging: "all",
  share: 10,
};

const PER_CENT = 100;

/** A route that is there, to be edited. */
export function draftOf({ name, spec }: Route): RouteDraft {
  const { retry, breaker, cache, logging } = spec;
  return {
    ...NEW_ROUTE,
    name,
    targets: spec.targets.map((target, id) => ({ id, model: target.model, weight: target.weight ?? 1 })),
    fallbacks: spec.fallbacks ?? [],
    timeoutS: spec.timeout_s ?? "",
    ...(retry && { attempts: retry.attempts ?? 1, retryOn: retry.on ?? "unreached", backoffS: retry.backoff_s ?? NEW_ROUTE.backoffS }),
    ...(breaker && { errors: breaker.errors ?? NEW_ROUTE.errors, windowS: breaker.window_s ?? NEW_ROUTE.windowS, openS: breaker.open_s ?? NEW_ROUTE.openS }),
    ...(cache && { cached: true, ttlS: cache.ttl_s, scope: cache.scope ?? "key", sampled: cache.sampled ?? false }),
    ...(typeof logging === "object" ? { logging: "sample" as const, share: logging.sample * PER_CENT } : logging && { logging }),
  };
}

function numberOf(value: number | string, fallback: number): number {
  return typeof value === "number" ? value : fallback;
}

/** The spec that a draft says. */
export function specOf(draft: RouteDraft): RouteSpec {
  return {
    targets: draft.targets.map(({ model, weight }) => ({ model: model.trim(), weight: numberOf(weight, 1) })),
    fallbacks: [...draft.fallbacks],
    retry: { attempts: numberOf(draft.attempts, 1), on: draft.retryOn, backoff_s: numberOf(draft.backoffS, 0.1) },
    timeout_s: typeof draft.timeoutS === "number" ? draft.timeoutS : null,
    breaker: { errors: numberOf(draft.errors, 5), window_s: numberOf(draft.windowS, 30), open_s: numberOf(draft.openS, 15) },
    cache: draft.cached ? { ttl_s: numberOf(draft.ttlS, 3600), scope: draft.scope, sampled: draft.sampled } : null,
    logging: draft.logging === "sample" ? { sample: numberOf(draft.share, 0) / PER_CENT } : draft.logging,
  };
}

const NAME = /^[a-zA-Z0-9](?:[-._a-zA-Z0-9]{0,62}[a-zA-Z0-9])?$/;

/** What is wrong with a route's name; null when it is good. */
export function routeNameProblem(name: string, taken: readonly string[]): string | null {
  if (name === "") return "Needs a name.";
  if (!NAME.test(name)) return "1 to 64 letters, digits and . _ -, a letter or digit first and last.";
  return taken.includes(name) ? "There is a route of this name already." : null;
}

/** What is wrong with the models of a route; null when they are good. */
export function targetsProblem(draft: RouteDraft): string | null {
  if (draft.targets.some(({ model }) => model.trim() === "")) return "Each model needs a name: a model of the catalog, <connection>/<model>, or endpoint:<name>.";
  const names = draft.targets.map(({ model }) => model.trim());
  if (new Set(names).size < names.length) return "A model is there twice: give it one weight.";
  return draft.targets.every(({ weight }) => numberOf(weight, 1) === 0) ? "All weights are 0: one has to take calls." : null;
}

/** The share of the calls that each model gets, in whole per cent. */
export function sharesOf(targets: readonly { readonly weight?: number | string }[]): readonly number[] {
  const weights = targets.map(({ weight }) => numberOf(weight ?? 1, 1));
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return weights.map((weight) => (sum > 0 ? Math.round((weight / sum) * PER_CENT) : 0));
}

function told(spec: RouteSpec): Record<string, unknown> {
  const before = specOf(NEW_ROUTE);
  const changed = Object.entries(spec).filter(([key, value]) => key === "targets" || JSON.stringify(value) !== JSON.stringify(before[key as keyof RouteSpec]));
  return Object.fromEntries(changed);
}

/** The route as the file that `flowyard gateway route create -f` takes; what is as by default is left out. */
export function routeFile(draft: RouteDraft): string {
  return stringify({ name: draft.name || "NAME", ...told(specOf(draft)) }, { lineWidth: 0 });
}
