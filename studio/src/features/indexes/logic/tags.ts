/** The tags of whoever a search is for, as the address has them: nothing is one's own rights, `with:` somebody without a tag. */
export function tagsFrom(text: string): readonly string[] | null {
  if (!text.startsWith("with:")) return null;
  return text
    .slice("with:".length)
    .split(",")
    .filter((tag) => tag !== "")
    .map(decodeURIComponent);
}

/** The same as text. */
export function tagsText(tags: readonly string[] | null): string {
  return tags === null ? "" : `with:${tags.map(encodeURIComponent).join(",")}`;
}
