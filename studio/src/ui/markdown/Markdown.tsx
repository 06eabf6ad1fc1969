import { lazy, Suspense } from "react";
import classes from "./Markdown.module.css";

const Drawn = lazy(() => import("./Drawn"));

/** What a model wrote, with its Markdown drawn; as plain text until what draws it is there. */
export function Markdown({ text }: { readonly text: string }) {
  return (
    <Suspense fallback={<div className={classes.plain}>{text}</div>}>
      <Drawn text={text} />
    </Suspense>
  );
}
