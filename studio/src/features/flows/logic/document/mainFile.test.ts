import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { putAt } from "../edits/paths";
import { diffLines, splitLines } from "./lines";
import { editMain, readMain, splitPrompty, withBody } from "./mainFile";

const ROOT = resolve(import.meta.dirname, "../../../../../..");

function filesIn(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" })
    .filter((name) => /\.prompty$|flow\.flex\.yaml$/.test(name))
    .map((name) => join(ROOT, folder, name));
}

const FILES = [...filesIn("examples"), ...filesIn("src/flowyard/flows/templates"), ...filesIn("tests")].filter((file) => readMain(file, readFileSync(file, "utf8")) !== null);

const ODD = [
  "---",
  "# whom it is for",
  "name:   'Ask'   # said by the user",
  'x-own: "kept"',
  "model:",
  "    parameters: {temperature: 0.70,   stop: [ 'a' ]}",
  "",
  "inputs:",
  "    question: {type: string}",
  "--- ",
  "system:",
  "Be brief.  ",
  "---",
  "name: not this one",
  "user:",
  "{{question}}",
].join("\n");

describe("the file that defines a flow", () => {
  it("finds the prompties and flex flows", () => {
    expect(FILES.length).toBeGreaterThan(3);
  });

  it.each(FILES)("%s stays byte for byte where nothing is changed", (file) => {
    const text = readFileSync(file, "utf8");
    expect(editMain(file, text, () => undefined)).toBe(text);
    const parts = splitPrompty(text);
    if (file.endsWith(".prompty") && parts) {
      expect(parts.before + parts.matter + parts.fence + parts.body).toBe(text);
      expect(withBody(text, parts.body)).toBe(text);
    }
  });

  it.each(FILES)("%s has one line changed by one field", (file) => {
    const text = readFileSync(file, "utf8");
    const after = editMain(file, text, (doc) => {
      putAt(doc, ["description"], "Quite another one");
    });
    const changes = diffLines(splitLines(text), splitLines(after));
    expect(changes.map(({ from, to, lines }) => [to - from <= 1, lines.length])).toEqual([[true, 1]]);
    expect(readMain(file, after)?.get("description")).toBe("Quite another one");
  });

  it("keeps comments, quotes, unknown keys and the prompt, lines of dashes in it included", () => {
    const after = editMain("ask.prompty", ODD, (doc) => {
      putAt(doc, ["name"], "Tell");
    });
    expect(after).toBe(ODD.replace("name:   'Ask'   # said", "name: 'Tell' # said"));
    expect(splitPrompty(after)?.body).toBe(splitPrompty(ODD)?.body);
  });

  it("keeps ends of lines of another system, and a mark of the byte order", () => {
    const text = `\ufeff${ODD.replaceAll("\n", "\r\n")}`;
    const after = editMain("ask.prompty", text, (doc) => {
      putAt(doc, ["inputs", "more"], { type: "int" });
    });
    expect(after.replaceAll("\r\n", "")).not.toContain("\n");
    expect(after.startsWith("\ufeff---\r\n")).toBe(true);
    expect(splitPrompty(after)?.body).toBe(splitPrompty(text)?.body);
  });

  it("has another prompt below the same front matter", () => {
    expect(withBody(ODD, "user:\nhi")).toBe(ODD.slice(0, ODD.indexOf("system:")) + "user:\nhi");
    expect(withBody("---\na: 1\n---", "user:\nhi")).toBe("---\na: 1\n---\nuser:\nhi");
  });

  it("is refused where there is no front matter, or an edit would end it", () => {
    expect(readMain("a.prompty", "system:\nhi")).toBeNull();
    expect(() => editMain("a.prompty", "system:\nhi", () => undefined)).toThrow("no front matter");
    expect(() => editMain("a.prompty", "---\na: [\n---\nhi", () => undefined)).toThrow("cannot be read");
    expect(editMain("a.prompty", "---\n---\nhi", (doc) => { putAt(doc, ["model", "api"], "chat"); })).toBe("---\nmodel:\n  api: chat\n---\nhi");
  });
});
