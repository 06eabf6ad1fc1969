import { expect, test } from "vitest";
import { markWords, wordsOf } from "./marks";

const hits = (text: string, question: string) => markWords(text, wordsOf(question)).filter(({ hit }) => hit).map((piece) => piece.text);

test("the question's telling words are marked, whatever their ending and case", () => {
  expect(hits("Deployments are rolled back; a deployment is back.", "How do I roll the deployment back?")).toEqual(["Deployments", "rolled", "back", "deployment", "back"]);
});

test("common words are marked only where there are no others", () => {
  expect(hits("what is it", "what is it?")).toEqual(["what", "is", "it"]);
  expect(hits("what is a flow", "what is a flow?")).toEqual(["flow"]);
});

test("nothing of the text is lost", () => {
  for (const text of ["", "no word of it", "Straße, straße!", "flow"]) expect(markWords(text, wordsOf("Straße flow")).map((piece) => piece.text).join("")).toBe(text);
});
