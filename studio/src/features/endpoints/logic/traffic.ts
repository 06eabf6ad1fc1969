/** Traffic by deployment in per cent, as a form holds it. */
export type Split = Readonly<Record<string, number>>;

/** The sum of all shares. */
export function trafficSum(split: Split): number {
  return Object.values(split).reduce((sum, share) => sum + share, 0);
}

/** What is wrong with a split, in words; null when it can be saved. */
export function trafficProblem(split: Split): string | null {
  const bad = Object.entries(split).find(([, share]) => !Number.isInteger(share) || share < 0 || share > 100);
  if (bad) return `${bad[0]}: a share is a whole number from 0 to 100.`;
  const sum = trafficSum(split);
  if (sum === 100 || sum === 0) return null;
  return sum < 100
    ? `${String(100 - sum)} % left to give: shares sum to 100, or all are 0.`
    : `${String(sum - 100)} % too much: shares sum to 100, or all are 0.`;
}

/** The split of an endpoint over the deployments it has; those it does not name get 0. */
export function splitOf(traffic: Split, deployments: readonly string[]): Split {
  return Object.fromEntries(deployments.map((name) => [name, traffic[name] ?? 0]));
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
