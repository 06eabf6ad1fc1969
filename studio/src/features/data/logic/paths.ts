/** The address of a file or folder of a datastore; folders end with a slash. */
export function uriOf(store: string, path: string, kind: "file" | "folder"): string {
  const slash = kind === "folder" && path !== "" ? "/" : "";
  return `azureml://datastores/${store}/paths/${path}${slash}`;
}

/** A part of a path that leads to a folder above. */
export interface Crumb {
  readonly name: string;
  readonly path: string;
}

/** The folders that lead to a path, the outermost first; none for the root. */
export function crumbsOf(path: string): readonly Crumb[] {
  const parts = path.split("/").filter((part) => part !== "");
  return parts.map((name, index) => ({ name, path: parts.slice(0, index + 1).join("/") }));
}

/** A path below a folder. */
export function within(folder: string, name: string): string {
  return folder === "" ? name : `${folder}/${name}`;
}

/** What is wrong with a path that is typed; null for a good one. */
export function pathProblem(path: string): string | null {
  if (path.includes("\\")) return "Use / between folders.";
  if (path.split("/").some((part) => part === "." || part === "..")) return "Leave out . and .. parts.";
  return path.includes("//") ? "Leave out empty parts." : null;
}

const TEXT_ENDINGS = /\.(txt|md|markdown|jsonl?|ndjson|csv|tsv|ya?ml|toml|ini|cfg|log|py|js|ts|sql|xml|html?|jinja2?|prompty|rst|sh)$/i;

/** Bytes as text; null where they are none. */
export function asText(bytes: Uint8Array, name: string): string | null {
  if (bytes.includes(0) && !TEXT_ENDINGS.test(name)) return null;
  // A character that the end of the part cuts is left out.
  return new TextDecoder("utf-8").decode(bytes).replace(/\uFFFD+$/, "");
}
