/** Rows of files, read in the browser: what is shown of data before it is uploaded. */

export type DataRow = Readonly<Record<string, unknown>>;

export interface Preview {
  readonly columns: readonly string[];
  readonly rows: readonly DataRow[];
  /** Why nothing can be shown, or what is wrong with a row. */
  readonly problem: string | null;
}

/** How much of a file is read for its preview, bytes. */
export const PREVIEW_BYTES = 256 * 1024;
export const PREVIEW_ROWS = 20;
/** What the server reads rows from. */
export const DATA_SUFFIXES = [".jsonl", ".csv", ".tsv", ".json", ".parquet", ".zip"] as const;

/** The suffix of a file's name in lower case, with its dot; empty when it has none. */
export function suffixOf(name: string): string {
  return /\.[^.]+$/.exec(name)?.[0].toLowerCase() ?? "";
}

function nothing(problem: string): Preview {
  return { columns: [], rows: [], problem };
}

function preview(rows: readonly DataRow[], problem: string | null): Preview {
  return { columns: [...new Set(rows.flatMap((row) => Object.keys(row)))], rows, problem };
}

function isRow(value: unknown): value is DataRow {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function reason(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function lines(text: string, most: number): Preview {
  const rows: DataRow[] = [];
  let problem: string | null = null;
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    if (rows.length === most) break;
    if (line.trim() === "") continue;
    try {
      const value = JSON.parse(line) as unknown;
      if (isRow(value)) rows.push(value);
      else problem ??= `Line ${index + 1} is no object, so it will be a failed row.`;
    } catch (error) {
      problem ??= `Line ${index + 1} is not JSON, so it will be a failed row: ${reason(error)}`;
    }
  }
  return rows.length === 0 && problem === null ? nothing("The file has no rows.") : preview(rows, problem);
}

function document(text: string, most: number): Preview {
  try {
    const value = JSON.parse(text) as unknown;
    if (!Array.isArray(value)) return nothing("A .json file has to hold a list of objects.");
    const rows = value.slice(0, most).filter(isRow);
    return rows.length === 0 ? nothing("The list holds no objects.") : preview(rows, null);
  } catch (error) {
    return nothing(`The file is not JSON: ${reason(error)}`);
  }
}

/** Cuts delimited text into records (RFC 4180): quotes hold delimiters and line ends, a doubled quote is one. */
export function cutRecords(text: string, delimiter: string, most: number): string[][] {
  const records: string[][] = [];
  let record: string[] = [];
  let cell = "";
  let quoted = false;
  const endRecord = (): void => {
    if (record.length > 0 || cell !== "") records.push([...record, cell]);
    record = [];
    cell = "";
  };
  for (let at = 0; at < text.length && records.length < most; at += 1) {
    const letter = text.charAt(at);
    if (quoted && letter === '"' && text.charAt(at + 1) === '"') {
      cell += '"';
      at += 1;
    } else if (letter === '"' && (quoted || cell === "")) quoted = !quoted;
    else if (quoted) cell += letter;
    else if (letter === delimiter) {
      record.push(cell);
      cell = "";
    } else if (letter === "\n") endRecord();
    else if (letter !== "\r") cell += letter;
  }
  if (records.length < most) endRecord();
  return records;
}

function table(text: string, delimiter: string, most: number): Preview {
  const [head, ...records] = cutRecords(text, delimiter, most + 1);
  if (!head) return nothing("The file is empty.");
  if (records.length === 0) return nothing("The file has a header and no rows.");
  const rows = records.map((cells) => Object.fromEntries(head.map((name, index) => [name, cells[index] ?? ""])));
  return { columns: head, rows, problem: null };
}

/** The first rows of a file from the text it begins with. `cut`: there is more of it, so its last line is left out. */
export function previewOf(name: string, text: string, cut: boolean, most = PREVIEW_ROWS): Preview {
  const whole = text.replace(/^\uFEFF/, "");
  const shown = cut ? whole.slice(0, whole.lastIndexOf("\n") + 1) : whole;
  switch (suffixOf(name)) {
    case ".jsonl":
      return lines(shown, most);
    case ".csv":
      return table(shown, ",", most);
    case ".tsv":
      return table(shown, "\t", most);
    case ".json":
      return cut ? nothing("This file is too large to look into here. It can be run; type the columns by hand.") : document(whole, most);
    case ".parquet":
    case ".zip":
      return nothing("The studio cannot look into such a file. It can be run; type the columns by hand.");
    default:
      return nothing(`Rows are read from ${DATA_SUFFIXES.slice(0, -1).join(", ")}, or a .zip of a folder with such files.`);
  }
}

/** Reads a file's beginning and gives its first rows. */
export async function readPreview(file: File): Promise<Preview> {
  const most = suffixOf(file.name) === ".json" ? PREVIEW_BYTES * 16 : PREVIEW_BYTES;
  const text = [".parquet", ".zip"].includes(suffixOf(file.name)) ? "" : await file.slice(0, most).text();
  return previewOf(file.name, text, file.size > most);
}

/** Whether the server can read rows from a file of this name. */
export function isData(name: string): boolean {
  return (DATA_SUFFIXES as readonly string[]).includes(suffixOf(name));
}

/** Files up to so many bytes are counted. */
export const MOST_COUNTED = 32 * 1024 * 1024;

/** How many rows a file of JSON Lines has; null for other files, and for very large ones. */
export async function countRows(file: Blob & { readonly name: string }): Promise<number | null> {
  if (suffixOf(file.name) !== ".jsonl" || file.size > MOST_COUNTED) return null;
  const text = await file.text();
  return text.split("\n").filter((line) => line.trim() !== "").length;
}
