import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { isMap, isSeq, parseDocument, visit } from "yaml";
import { describe, expect, it } from "vitest";
import { diffLines, merge3, splitLines } from "./lines";
import { editYaml, readYaml } from "./yamlText";

/** A generator of numbers below 1 that gives the same ones each time (mulberry32). */
function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

function someLines(next: () => number, count: number): string[] {
  return Array.from({ length: count }, () => `${"abcdef"[Math.floor(next() * 6)] ?? "a"}\n`);
}

function edited(next: () => number, lines: readonly string[]): string[] {
  return lines.flatMap((line) => (next() < 0.15 ? [] : next() < 0.15 ? [line, `new ${Math.floor(next() * 99)}\n`] : [line]));
}

const ROOT = resolve(import.meta.dirname, "../../../../../..");

function flowFiles(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" })
    .filter((name) => /flow\.(dag|flex)\.yaml$/.test(name))
    .map((name) => join(ROOT, folder, name));
}

const FLOWS = [...flowFiles("examples"), ...flowFiles("src/flowyard/flows/templates"), ...flowFiles("tests")];

describe("differences by lines", () => {
  it.each(Array.from({ length: 60 }, (_, seed) => seed))("give the other text when they are made (%i)", (seed) => {
    const next = numbers(seed);
    const left = someLines(next, Math.floor(next() * 30));
    const right = next() < 0.5 ? edited(next, left) : someLines(next, Math.floor(next() * 30));
    const parts: string[] = [];
    let at = 0;
    for (const { from, to, lines } of diffLines(left, right)) {
      expect(from).toBeGreaterThanOrEqual(at);
      parts.push(...left.slice(at, from), ...lines);
      at = to;
    }
    expect([...parts, ...left.slice(at)]).toEqual(right);
  });

  it("are few: a line put in is one change of no line", () => {
    expect(diffLines(["a\n", "b\n"], ["a\n", "x\n", "b\n"])).toEqual([{ from: 1, to: 1, lines: ["x\n"] }]);
  });

  it("of texts that share nothing are found in bounded time", () => {
    const left = Array.from({ length: 4000 }, (_, index) => `left ${index}\n`);
    expect(diffLines(left, ["right\n"])).toEqual([{ from: 0, to: 4000, lines: ["right\n"] }]);
  });
});

describe("a merge of three texts", () => {
  it.each(Array.from({ length: 60 }, (_, seed) => seed))("is the other's text where one changed nothing, and symmetric where none clash (%i)", (seed) => {
    const next = numbers(seed + 1000);
    const base = someLines(next, 20).map((line, index) => `${index} ${line}`);
    const mine = edited(next, base).join("");
    const theirs = edited(next, base).join("");
    const text = base.join("");
    expect(merge3(text, text, theirs)).toEqual({ text: theirs, clashes: 0 });
    expect(merge3(text, mine, text)).toEqual({ text: mine, clashes: 0 });
    expect(merge3(text, mine, mine)).toEqual({ text: mine, clashes: 0 });
    const there = merge3(text, mine, theirs);
    const back = merge3(text, theirs, mine);
    expect(back.clashes).toBe(there.clashes);
    if (there.clashes === 0) expect(back.text).toBe(there.text);
  });

  it("keeps changes of lines beside each other", () => {
    expect(merge3("a\nb\nc\n", "A\nb\nc\n", "a\nB\nc\n")).toEqual({ text: "A\nB\nc\n", clashes: 0 });
  });

  it("clashes where both changed a line, or put different lines in at one place", () => {
    expect(merge3("a\n", "b\n", "c\n")).toEqual({ text: "b\n", clashes: 1 });
    expect(merge3("a\n", "b\n", "c\n", "theirs")).toEqual({ text: "c\n", clashes: 1 });
    expect(merge3("a\n", "a\nx\n", "a\ny\n").clashes).toBe(1);
    expect(merge3("a\n", "a\nx\n", "a\nx\n")).toEqual({ text: "a\nx\n", clashes: 0 });
  });

  it("keeps ends of lines and a last line without one", () => {
    expect(splitLines("a\r\nb").join("")).toBe("a\r\nb");
    expect(merge3("a\r\nb", "a\r\nc", "x\r\nb")).toEqual({ text: "x\r\nc", clashes: 0 });
  });
});

describe("an edit of YAML", () => {
  it("finds the flows", () => {
    expect(FLOWS.length).toBeGreaterThan(5);
  });

  it.each(FLOWS)("leaves %s byte for byte where it changes nothing", (file) => {
    const text = readFileSync(file, "utf8");
    if (readYaml(text).errors.length > 0) return;
    expect(editYaml(text, () => undefined)).toBe(text);
  });

  it.each(FLOWS)("of one node changes no line of another in %s", (file) => {
    const text = readFileSync(file, "utf8");
    const doc = readYaml(text);
    const nodes = doc.errors.length > 0 ? null : doc.get("nodes");
    if (!isSeq(nodes) || !isMap(nodes.items[0])) return;
    const after = editYaml(text, (own) => {
      own.setIn(["nodes", 0, "name"], "quite_another_name");
    });
    const changes = diffLines(splitLines(text), splitLines(after));
    expect(changes.length).toBe(1);
    expect(changes[0]?.lines.length).toBe(1);
    expect(parseDocument(after).getIn(["nodes", 0, "name"])).toBe("quite_another_name");
  });

  const ODD = [
    "# what it is for",
    "inputs:",
    "    topic:   {type: string,   default: 'a lighthouse'}   # said by the user",
    "",
    "",
    'x-own: "kept"',
    "nodes:",
    "- name: tell   # the first",
    "  inputs:",
    "    temperature: 0.70",
    "    stop: [ 'a',  \"b\" ]",
    "- {name: check, type: python}",
    "",
  ].join("\n");

  it("leaves spaces, quotes, blank lines, comments and unknown keys of other lines", () => {
    const after = editYaml(ODD, (doc) => {
      doc.setIn(["nodes", 0, "inputs", "max_tokens"], 60);
    });
    expect(after).toBe(ODD.replace("    temperature: 0.70\n    stop: [ 'a',  \"b\" ]\n", "    temperature: 0.70\n    stop: [ 'a',  \"b\" ]\n    max_tokens: 60\n"));
  });

  it("keeps comments when a node goes", () => {
    const after = editYaml(ODD, (doc) => {
      doc.deleteIn(["nodes", 1]);
    });
    expect(after).toBe(ODD.replace("- {name: check, type: python}\n", ""));
  });

  it("keeps ends of lines of another system", () => {
    const after = editYaml(ODD.replaceAll("\n", "\r\n"), (doc) => {
      doc.setIn(["nodes", 1, "name"], "look");
    });
    expect(after).toContain("name: look");
    expect(after.replaceAll("\r\n", "")).not.toContain("\n");
  });

  it("is refused where the text cannot be read", () => {
    expect(() => editYaml("a: [", () => undefined)).toThrow("cannot be read as YAML");
  });

  it("means what the changed document says, whatever the text looks like", () => {
    for (const file of FLOWS) {
      const text = readFileSync(file, "utf8");
      if (readYaml(text).errors.length > 0) continue;
      let wanted: unknown;
      const after = editYaml(text, (doc) => {
        visit(doc, {
          Scalar: (key, node) => {
            if (key === "value" && typeof node.value === "number") node.value += 1;
          },
        });
        wanted = doc.toJS();
      });
      expect(parseDocument(after).toJS()).toEqual(wanted);
    }
  });
});
