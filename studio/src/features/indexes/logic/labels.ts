/** The label whose version is searched where none is named. */
export const LATEST = "latest";

/** What is wrong with a label; null for a good one. */
export function labelProblem(name: string): string | null {
  if (/^\d+$/.test(name)) return "A number would be taken for a version: use a word.";
  return /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/.test(name) ? null : "Use 1 to 100 letters, digits and . _ -, a letter or digit first.";
}
