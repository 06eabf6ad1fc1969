import type { SpanKind } from "../model";
import classes from "./KindLabel.module.css";
import { SPAN_KINDS } from "./spanKinds";

/** A span's name after the icon of its kind. */
export function KindLabel({ kind, text }: { readonly kind: SpanKind; readonly text: string }) {
  const look = SPAN_KINDS[kind];
  return (
    <span className={classes.label} title={text}>
      <look.icon size={15} stroke={1.75} style={{ color: look.color }} role="img" aria-label={look.label} />
      <span className="fy-truncate">{text}</span>
    </span>
  );
}
