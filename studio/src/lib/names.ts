/** What a thing made of a file may be called: the name of a file without its ending, as far as that is a name. */
export function nameFor(file: string): string {
  return file
    .replace(/\.[A-Za-z]{1,8}$/, "")
    .replace(/[^A-Za-z0-9._-]+/g, "-")
    .replace(/^[^A-Za-z0-9]+/, "")
    .slice(0, 100);
}

/** What is wrong with a name; null for a good one. */
export function nameProblem(name: string): string | null {
  return /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/.test(name) ? null : "Use 1 to 100 letters, digits and . _ -, a letter or digit first.";
}
