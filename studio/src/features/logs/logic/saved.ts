/** A query that was kept under a name. */
export interface SavedQuery {
  readonly name: string;
  readonly query: string;
}

/** Names longer than this are cut by the form. */
export const LONGEST_NAME = 80;

function isSaved(value: unknown): value is SavedQuery {
  if (typeof value !== "object" || value === null) return false;
  const { name, query } = value as Record<string, unknown>;
  return typeof name === "string" && name.trim() !== "" && typeof query === "string";
}

/** Queries out of what the browser kept. It may be of another version or changed by hand: what is none is left out. */
export function readSaved(kept: string | null | undefined): readonly SavedQuery[] {
  if (!kept) return [];
  try {
    const found = JSON.parse(kept) as unknown;
    return Array.isArray(found) ? found.filter(isSaved).map(({ name, query }) => ({ name, query })) : [];
  } catch (error) {
    if (error instanceof SyntaxError) return [];
    throw error;
  }
}

/** The queries with one more; one of the same name is replaced. */
export function withQuery(saved: readonly SavedQuery[], added: SavedQuery): readonly SavedQuery[] {
  return [...withoutQuery(saved, added.name), added].sort((left, right) => left.name.localeCompare(right.name));
}

export function withoutQuery(saved: readonly SavedQuery[], name: string): readonly SavedQuery[] {
  return saved.filter((each) => each.name !== name);
}
