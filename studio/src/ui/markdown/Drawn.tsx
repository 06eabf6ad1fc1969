import Compiler from "markdown-to-jsx/react";
import { Children, type ComponentProps } from "react";
import classes from "./Markdown.module.css";

/** Its words and its address, and no link: a document that speaks to the model could have it send what it knows to an address of its own. */
function Link({ href, children }: ComponentProps<"a">) {
  const isBare = Children.toArray(children).every((child) => child === href);
  return (
    <span>
      {children}
      {href && !isBare && <span className={classes.address}>{` (${href})`}</span>}
    </span>
  );
}

/** Nothing is loaded from elsewhere: an image is named. */
function Image({ alt, src }: ComponentProps<"img">) {
  return <span className={classes.address}>{`Image${alt ? ` “${alt}”` : ""}: ${src ?? ""}`}</span>;
}

const OPTIONS = {
  disableParsingRawHTML: true,
  forceBlock: true,
  wrapper: "div" as const,
  overrides: { a: Link, img: Image },
};

/** A text with its Markdown drawn, as elements of React. What looks like HTML in it stays text. */
export default function Drawn({ text }: { readonly text: string }) {
  return (
    <div className={classes.drawn}>
      <Compiler options={OPTIONS}>{text}</Compiler>
    </div>
  );
}
