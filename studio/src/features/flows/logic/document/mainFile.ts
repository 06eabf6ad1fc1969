import type { Document } from "yaml";
import { editYaml, readYaml } from "./yamlText";

/** A prompty's text in four parts, which together are the text: up to the front matter, the front matter, the line that ends it, and the prompt. */
export interface PromptyParts {
  readonly before: string;
  readonly matter: string;
  readonly fence: string;
  readonly body: string;
}

/** Cuts a prompty as the server does: its front matter is between the first two lines of dashes. Null: it has none. */
export function splitPrompty(text: string): PromptyParts | null {
  const fences = [...text.matchAll(/^\ufeff?-{3,}[ \t]*\r?(?:\n|(?![\s\S]))/gm)];
  const [first, second] = fences;
  if (!first || !second) return null;
  const from = first.index + first[0].length;
  const end = second.index + second[0].length;
  return { before: text.slice(0, from), matter: text.slice(from, second.index), fence: second[0], body: text.slice(end) };
}

/** The text with another prompt below its front matter, which stays byte for byte. Throws Error for a text without front matter. */
export function withBody(text: string, body: string): string {
  const parts = splitPrompty(text);
  if (parts === null) throw new Error("The prompty has no front matter: begin it with a line ---, YAML, and another ---.");
  const fence = parts.fence.endsWith("\n") ? parts.fence : `${parts.fence}\n`;
  return parts.before + parts.matter + fence + body;
}

/** The YAML of the file that defines a flow: all of it, or a prompty's front matter. Null where it cannot be read. */
export function readMain(path: string, text: string): Document | null {
  const matter = path.endsWith(".prompty") ? splitPrompty(text)?.matter : text;
  if (matter === undefined) return null;
  const doc = readYaml(matter);
  return doc.errors.length > 0 ? null : doc;
}

/** The text with a change made to its YAML. Lines that it does not touch, and a prompty's prompt, stay byte for byte. Throws Error where it cannot be made. */
export function editMain(path: string, text: string, change: (doc: Document) => void): string {
  if (!path.endsWith(".prompty")) return editYaml(text, change);
  const parts = splitPrompty(text);
  if (parts === null) throw new Error("The prompty has no front matter: begin it with a line ---, YAML, and another ---.");
  const changed = editYaml(parts.matter, change);
  if (changed === parts.matter) return text;
  const matter = changed === "" || changed.endsWith("\n") ? changed : `${changed}\n`;
  const edited = parts.before + matter + parts.fence + parts.body;
  if (splitPrompty(edited)?.matter !== matter) throw new Error("A line of nothing but dashes would end the front matter: write something else beside them.");
  return edited;
}
