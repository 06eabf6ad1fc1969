import Compiler from "markdown-to-jsx/react";
import type { ComponentProps } from "react";
import classes from "./Markdown.module.css";

/** Opened beside the studio, which it is told nothing of. Without an address that the compiler takes for harmless it is no link. */
function Link({ href, children }: ComponentProps<"a">) {
  if (!href || !/^(https?:|mailto:)/i.test(href)) return <span>{children}</span>;
  return (
    <a href={href} target="_blank" rel="noreferrer noopener">
      {children}
    </a>
  );
}

/** Nothing is loaded from elsewhere: an image is named. */
function Image({ alt, src }: ComponentProps<"img">) {
  return <span className={classes.image}>{`Image${alt ? ` “${alt}”` : ""}: ${src ?? ""}`}</span>;
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
