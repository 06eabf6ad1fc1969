import { describe, expect, it } from "vitest";
import { cutRecords, isData, PREVIEW_ROWS, previewOf } from "./rows";

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
