interface ClipProps {
  text: string | null | undefined;
  /** The widest it may be, as CSS; depends on the window so that a table's other columns stay in sight. */
  max?: string;
}

/** A text in one line of a table, cut when it is long; all of it on hover. */
export function Clip({ text, max = "clamp(120px, 16vw, 480px)" }: ClipProps) {
  if (!text) return "–";
  return (
    <span className="fy-truncate" style={{ display: "block", maxWidth: max }} title={text}>
      {text}
    </span>
  );
}
