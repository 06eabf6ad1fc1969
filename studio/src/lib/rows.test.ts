import { describe, expect, it } from "vitest";
import { countRows, cutRecords, isData, MOST_COUNTED, PREVIEW_ROWS, previewOf } from "./rows";

describe("the preview of data", () => {
  it("reads JSON lines and leaves out the line that was cut", () => {
    const found = previewOf("rows.jsonl", '{"a": 1}\n\n{"a": 2, "b": "x"}\n{"a": 3, "b', true);
    expect(found).toEqual({ columns: ["a", "b"], rows: [{ a: 1 }, { a: 2, b: "x" }], problem: null });
  });

  it("says which line is no row and shows the others", () => {
    const found = previewOf("rows.jsonl", '{"a": 1}\n[1]\n{"a": 2}', false);
    expect(found.rows).toHaveLength(2);
    expect(found.problem).toContain("Line 2");
  });

  it("reads quoted cells of a table with delimiters, quotes and line ends in them", () => {
    expect(cutRecords('a,b\r\n"x, ""y""","two\nlines"\n', ",", 10)).toEqual([
      ["a", "b"],
      ['x, "y"', "two\nlines"],
    ]);
    expect(previewOf("t.tsv", "\uFEFFq\tn\nwhy?\t3\n", false)).toEqual({ columns: ["q", "n"], rows: [{ q: "why?", n: "3" }], problem: null });
  });

  it("shows the first rows only", () => {
    const text = Array.from({ length: 100 }, (_, index) => JSON.stringify({ index })).join("\n");
    expect(previewOf("rows.jsonl", text, false).rows).toHaveLength(PREVIEW_ROWS);
  });

  it.each([
    ["rows.json", "{}", "list of objects"],
    ["rows.json", "[", "not JSON"],
    ["rows.csv", "a,b\n", "no rows"],
    ["rows.jsonl", "\n", "no rows"],
    ["rows.parquet", "", "by hand"],
    ["rows.txt", "x", ".jsonl"],
  ])("says why there is nothing to see in %s", (name, text, said) => {
    const found = previewOf(name, text, false);
    expect(found.rows).toEqual([]);
    expect(found.problem).toContain(said);
  });

  it("knows what the server reads", () => {
    expect(["a.jsonl", "A.CSV", "b.zip", "c.txt", "d"].map(isData)).toEqual([true, true, true, false, false]);
  });
});

describe("how many rows a file has", () => {
  it.each([
    ["rows.jsonl", '{"a": 1}\n{"a": 2}\n', 2],
    ["ROWS.JSONL", '{"a": 1}\r\n\r\n  \n{"a": 2}', 2],
    ["rows.jsonl", "", 0],
    ["rows.csv", "a\n1\n", null],
    ["rows", '{"a": 1}\n', null],
  ])("counts those of %s", async (name, text, rows) => {
    expect(await countRows(new File([text], name))).toBe(rows);
  });

  it("does not read a very large file", async () => {
    const huge = { name: "rows.jsonl", size: MOST_COUNTED + 1, text: () => Promise.reject(new Error("it was read")) };
    expect(await countRows(huge as unknown as File)).toBeNull();
  });
});
