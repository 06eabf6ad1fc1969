/** Where a model is imported from. */
export type ImportFrom = "hub" | "file" | "folder";

/** What is wrong with an id of the hub; null for a good one. */
export function hubProblem(id: string): string | null {
  const bare = id.trim().replace(/^hf:/, "").replace(/^https:\/\/huggingface\.co\//, "");
  return /^[\w.-]+\/[\w.-]+(@[\w./-]+)?$/.test(bare) ? null : "Write it as organization/name.";
}

/** The source as the API names it. */
export function sourceOf(from: ImportFrom, place: string): string {
  const text = place.trim();
  if (from === "hub") return `hf:${text.replace(/^hf:/, "").replace(/^https:\/\/huggingface\.co\//, "")}`;
  return text.startsWith("file://") ? text : `file://${text}`;
}
