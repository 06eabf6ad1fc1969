/** What is wrong with a schedule; null for a good one. The server looks more closely. */
export function cronProblem(cron: string): string | null {
  const fields = cron.trim().split(/\s+/);
  if (fields.length !== 5) return "Write five fields, such as 0 6 * * *.";
  return fields.every((field) => /^[\w*/,-]+$/.test(field)) ? null : "A field has digits, * / , and - only.";
}

/** What a schedule imports, in a line. */
export function whatOf({ datastore, table, query }: { readonly datastore: string; readonly table?: string | null; readonly query?: string | null }): string {
  return `${datastore}: ${table ?? (query ?? "").replace(/\s+/g, " ").trim()}`;
}
