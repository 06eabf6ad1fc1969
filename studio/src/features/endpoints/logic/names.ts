const ENDPOINT_NAME = /^[a-zA-Z]([-a-zA-Z0-9]*[a-zA-Z0-9])?$/;

/** What is wrong with an endpoint's or deployment's name; null when it is good. */
export function nameProblem(name: string): string | null {
  if (name === "") return "Needs a name.";
  if (name.length < 3 || name.length > 32) return `Takes 3 to 32 characters; this has ${String(name.length)}.`;
  return ENDPOINT_NAME.test(name) ? null : "Letters, digits and hyphens; a letter first, no hyphen last.";
}

/** A good endpoint name out of any text, such as a flow's name. */
export function suggestName(text: string): string {
  const cleaned = text
    .replace(/[^a-zA-Z0-9]+/g, "-")
    .replace(/^[^a-zA-Z]+/, "")
    .slice(0, 32)
    .replace(/-+$/, "");
  return cleaned.length >= 3 ? cleaned : `${cleaned || "my"}-endpoint`;
}

/** The next free deployment name: blue and green first, as blue-green deployments go. */
export function nextDeploymentName(taken: readonly string[]): string {
  const first = ["blue", "green"].find((name) => !taken.includes(name));
  if (first !== undefined) return first;
  let number = 3;
  while (taken.includes(`deployment-${String(number)}`)) number += 1;
  return `deployment-${String(number)}`;
}
