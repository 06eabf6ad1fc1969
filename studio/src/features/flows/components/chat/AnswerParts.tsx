import { imageOf, textOf } from "@/ui/images/images";
import { Picture } from "@/ui/images/Picture";
import { Markdown } from "@/ui/markdown/Markdown";
import classes from "../ChatTab.module.css";

function Part({ value, at }: { readonly value: unknown; readonly at: number }) {
  const image = imageOf(value);
  if (image) return <Picture image={image} alt={`Image ${String(at + 1)} of the answer`} />;
  const text = textOf(value);
  return text === null ? <div className={classes.text}>{JSON.stringify(value, null, 2)}</div> : <Markdown text={text} />;
}

/** An answer as text, with its Markdown drawn, and images. A list is shown item by item where there are images in it. */
export function AnswerParts({ answer }: { readonly answer: unknown }) {
  const parts = Array.isArray(answer) && answer.some((part) => imageOf(part) !== null) ? (answer as unknown[]) : [answer];
  return parts.map((part, index) => <Part key={index} value={part} at={index} />);
}
