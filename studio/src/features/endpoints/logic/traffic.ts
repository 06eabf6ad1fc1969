/** Traffic by deployment in per cent, as a form holds it. */
export type Split = Readonly<Record<string, number>>;

/** The sum of all shares. */
export function trafficSum(split: Split): number {
  return Object.values(split).reduce((sum, share) => sum + share, 0);
}

/** The split of an endpoint over the deployments it has; those it does not name get 0. */
export function splitOf(traffic: Split, deployments: readonly string[]): Split {
  return Object.fromEntries(deployments.map((name) => [name, traffic[name] ?? 0]));
}

/**
 * The split after one share was moved: the others take or give what it changed by, in proportion to what they have (the first of them
 * where none has any), so that the sum stays 100. Shares are whole numbers from 0 to 100.
 */
export function rebalanced(split: Split, name: string, share: number): Split {
  const own = Math.round(Math.min(100, Math.max(0, Number.isFinite(share) ? share : 0)));
  const others = Object.entries(split).filter(([each]) => each !== name);
  const sum = others.reduce((total, [, each]) => total + each, 0);
  const rest = 100 - own;
  const exact = others.map(([each, had], index): [string, number] => [each, sum > 0 ? (rest * had) / sum : index === 0 ? rest : 0]);
  const whole = new Map(exact.map(([each, value]) => [each, Math.floor(value)]));
  let left = rest - [...whole.values()].reduce((total, value) => total + value, 0);
  for (const [each] of [...exact].sort(([, a], [, b]) => (b % 1) - (a % 1))) {
    if (left <= 0) break;
    whole.set(each, (whole.get(each) ?? 0) + 1);
    left -= 1;
  }
  return Object.fromEntries(Object.keys(split).map((each) => [each, each === name ? own : (whole.get(each) ?? 0)]));
}

/** Nothing to anybody: requests that name no deployment are refused. */
export function noTraffic(deployments: readonly string[]): Split {
  return Object.fromEntries(deployments.map((name) => [name, 0]));
}

/** Everything to one deployment. */
export function allTo(name: string, deployments: readonly string[]): Split {
  return Object.fromEntries(deployments.map((each) => [each, each === name ? 100 : 0]));
}

/** Equal whole shares; what does not divide goes to the first ones. */
export function evenSplit(deployments: readonly string[]): Split {
  if (deployments.length === 0) return {};
  const share = Math.floor(100 / deployments.length);
  const rest = 100 - share * deployments.length;
  return Object.fromEntries(deployments.map((name, index) => [name, share + (index < rest ? 1 : 0)]));
}

export function sameSplit(left: Split, right: Split): boolean {
  const names = new Set([...Object.keys(left), ...Object.keys(right)]);
  return [...names].every((name) => (left[name] ?? 0) === (right[name] ?? 0));
}
