const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]*$/;

/** What is wrong with a new flow's name; null when it is good. A flow is a folder, so its name is a folder's name. */
export function flowNameProblem(name: string, taken: readonly string[]): string | null {
  if (name === "") return "Needs a name.";
  if (name.length > 100) return `Takes at most 100 characters; this has ${name.length}.`;
  if (!NAME.test(name)) return "Letters, digits, dots, hyphens and underscores; a letter or digit first.";
  return taken.includes(name) ? "There is a flow of this name already." : null;
}

/** The first free name of the form base, base-2, base-3, … */
export function freeName(base: string, taken: readonly string[]): string {
  if (!taken.includes(base)) return base;
  let number = 2;
  while (taken.includes(`${base}-${number}`)) number += 1;
  return `${base}-${number}`;
}

/** What is wrong with the path of a new file; null when it is good. */
export function filePathProblem(path: string, taken: readonly string[]): string | null {
  if (path === "") return "Needs a path, such as prompts/answer.jinja2.";
  const parts = path.split("/");
  if (parts.some((part) => part === "" || part === "." || part === "..")) return "A path within the flow, its parts separated by single slashes.";
  return taken.includes(path) ? "There is a file at this path already." : null;
}
