/** A saved view of the list of traces: what the address asked for, under a name. */
export interface SavedView {
  readonly name: string;
  /** The filters as they stand in the address: the search expression as `q`, the period as `range`, and the others. */
  readonly search: Readonly<Record<string, string>>;
}

/** What of an address belongs to a view. */
export const VIEW_KEYS = ["q", "range", "status", "kind", "model", "endpoint", "flow", "text"] as const;

/** Names longer than this are cut by the form. */
export const LONGEST_NAME = 80;

/** The filters of an address, as a view keeps them; what is empty is left out. */
export function filtersOf(address: Readonly<Record<string, unknown>>): Readonly<Record<string, string>> {
  const found: Record<string, string> = {};
  for (const key of VIEW_KEYS) {
    const value = address[key];
    if (typeof value === "string" && value.trim() !== "") found[key] = value.trim();
  }
  return found;
}

function isView(value: unknown): value is { name: string; search: Record<string, unknown> } {
  if (typeof value !== "object" || value === null) return false;
  const { name, search } = value as Record<string, unknown>;
  return typeof name === "string" && name.trim() !== "" && typeof search === "object" && search !== null;
}

/** Views out of what the browser kept. It may be of another version or changed by hand: what is no view is left out. */
export function readViews(kept: string | null | undefined): readonly SavedView[] {
  if (!kept) return [];
  try {
    const found = JSON.parse(kept) as unknown;
    return Array.isArray(found) ? found.filter(isView).map(({ name, search }) => ({ name, search: filtersOf(search) })) : [];
  } catch (error) {
    if (error instanceof SyntaxError) return [];
    throw error;
  }
}

function byName(left: SavedView, right: SavedView): number {
  return left.name.localeCompare(right.name);
}

/** The views with one more; one of the same name is replaced. */
export function withView(views: readonly SavedView[], view: SavedView): readonly SavedView[] {
  return [...views.filter((each) => each.name !== view.name), view].sort(byName);
}

/** The views with one under another name. */
export function renamed(views: readonly SavedView[], from: string, to: string): readonly SavedView[] {
  const view = views.find((each) => each.name === from);
  return view ? withView(withoutView(views, from), { ...view, name: to }) : views;
}

export function withoutView(views: readonly SavedView[], name: string): readonly SavedView[] {
  return views.filter((each) => each.name !== name);
}

/** Why a name cannot be taken; null where it can. A view keeps its own name. */
export function nameProblem(views: readonly SavedView[], name: string, own: string | null = null): string | null {
  const wanted = name.trim();
  if (wanted === "") return "Give it a name.";
  return wanted !== own && views.some((view) => view.name === wanted) ? "A view of this name is there already; take another name." : null;
}

/** Whether two views ask for the same. */
export function sameFilters(left: Readonly<Record<string, string>>, right: Readonly<Record<string, string>>): boolean {
  return VIEW_KEYS.every((key) => left[key] === right[key]);
}
