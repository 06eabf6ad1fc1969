import { MergeView } from "@codemirror/merge";
import { EditorState } from "@codemirror/state";
import { EditorView, lineNumbers } from "@codemirror/view";
import { useEffect, useRef } from "react";
import classes from "./CodeMirrorMerge.module.css";
import { languageOf } from "./languages";
import { studioTheme } from "./theme";

export interface CodeMirrorMergeProps {
  path: string;
  theirs: string;
  mine: string;
  theirsLabel: string;
  mineLabel: string;
  dark: boolean;
  /** The right side was edited, or a change was taken over from the left; without it both sides are only to read. */
  onChange?: (mine: string) => void;
}

/** CodeMirror's merge view in the studio's colours. Shown through `MergeView`, which loads it. */
export default function CodeMirrorMerge({ path, theirs, mine, theirsLabel, mineLabel, dark, onChange }: CodeMirrorMergeProps) {
  const frame = useRef<HTMLDivElement>(null);
  const first = useRef(mine);
  const changed = useRef(onChange);
  const readOnly = onChange === undefined;
  useEffect(() => {
    changed.current = onChange;
  });
  useEffect(() => {
    const parent = frame.current;
    if (!parent) return undefined;
    let view: MergeView | null = null;
    let wanted = true;
    void languageOf(path).then((language) => {
      if (!wanted) return;
      const shared = [language, studioTheme(dark), lineNumbers(), EditorView.lineWrapping];
      const watch = EditorView.updateListener.of((update) => {
        if (!update.docChanged) return;
        first.current = update.state.doc.toString();
        changed.current?.(first.current);
      });
      view = new MergeView({
        parent,
        a: { doc: theirs, extensions: [shared, EditorState.readOnly.of(true), EditorView.contentAttributes.of({ "aria-label": theirsLabel })] },
        b: { doc: first.current, extensions: [shared, readOnly ? EditorState.readOnly.of(true) : watch, EditorView.contentAttributes.of({ "aria-label": mineLabel })] },
        ...(readOnly ? {} : { revertControls: "a-to-b" as const }),
        collapseUnchanged: { margin: 4, minSize: 8 },
      });
    });
    return () => {
      wanted = false;
      view?.destroy();
    };
  }, [path, theirs, theirsLabel, mineLabel, dark, readOnly]);
  return (
    <div className={classes.frame}>
      <div className={classes.heads} aria-hidden>
        <span>{theirsLabel}</span>
        <span>{mineLabel}</span>
      </div>
      <div ref={frame} className={classes.view} />
    </div>
  );
}
