/** Shares of rows as typed: 80/20, 0.8,0.1,0.1 or 80 10 10; null where they are none. They add up to 1. */
export function readRatios(text: string): readonly number[] | null {
  const parts = text.split(/[\s,/;:]+/).filter((part) => part !== "");
  const numbers = parts.map(Number);
  if (numbers.length < 2 || numbers.length > 10 || numbers.some((each) => !Number.isFinite(each) || each <= 0)) return null;
  const sum = numbers.reduce((total, each) => total + each, 0);
  const scale = Math.abs(sum - 1) < 1e-9 ? 1 : Math.abs(sum - 100) < 1e-9 ? 100 : null;
  return scale === null ? null : numbers.map((each) => Number((each / scale).toPrecision(12)));
}

const SUFFIXES: Record<number, readonly string[]> = { 2: ["train", "test"], 3: ["train", "validation", "test"] };

/** What the parts are called unless somebody says otherwise. */
export function partNames(source: string, parts: number): readonly string[] {
  return (SUFFIXES[parts] ?? Array.from({ length: parts }, (_, index) => `part-${index + 1}`)).map((suffix) => `${source.slice(0, 88)}-${suffix}`);
}

/** The versions that a finished split made, as `azureml:<name>:<version>` with their rows. */
export function partsOf(result: unknown): readonly { readonly data: string; readonly rows: number }[] {
  const parts: unknown = typeof result === "object" && result !== null && "parts" in result ? result.parts : [];
  if (!Array.isArray(parts)) return [];
  return parts.flatMap((part: unknown) => {
    if (typeof part !== "object" || part === null || !("data" in part) || typeof part.data !== "string") return [];
    return [{ data: part.data, rows: "rows" in part && typeof part.rows === "number" ? part.rows : 0 }];
  });
}

/** The name and version that a reference names. */
export function nameAndVersion(reference: string): readonly [name: string, version: string] {
  const [, name = "", version = "latest"] = reference.split(":");
  return [name, version];
}
