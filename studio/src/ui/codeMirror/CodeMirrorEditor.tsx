import { lintGutter, setDiagnostics, type Diagnostic } from "@codemirror/lint";
import type { EditorState, Extension } from "@codemirror/state";
import { EditorView } from "@codemirror/view";
import CodeMirror from "@uiw/react-codemirror";
import { type KeyboardEvent, useEffect, useMemo, useState } from "react";
import { languageOf } from "./languages";
import { studioTheme } from "./theme";

/** Something to point out at a line (from 1). */
export interface EditorMark {
  line: number;
  column?: number | null;
  severity: "error" | "warning";
  message: string;
}

export interface CodeMirrorEditorProps {
  value: string;
  /** Decides the language. */
  path: string;
  /** What the text is, for screen readers. */
  label: string;
  dark: boolean;
  readOnly?: boolean;
  wrap?: boolean;
  marks?: readonly EditorMark[];
  /** A line to go to; each new object goes there again. */
  goTo?: { line: number; column?: number | null } | null;
  onChange?: (value: string) => void;
  /** Control-S, or Command-S on a Mac. */
  onSave?: () => void;
}

function useLanguage(path: string): Extension {
  const [language, setLanguage] = useState<Extension>([]);
  useEffect(() => {
    let wanted = true;
    void languageOf(path).then((found) => {
      if (wanted) setLanguage(found);
    });
    return () => {
      wanted = false;
    };
  }, [path]);
  return language;
}

function diagnosticOf(mark: EditorMark, state: EditorState): Diagnostic {
  const line = state.doc.line(Math.min(Math.max(1, mark.line), state.doc.lines));
  const from = Math.min(line.to, line.from + Math.max(0, (mark.column ?? 1) - 1));
  return { from, to: line.to, severity: mark.severity, message: mark.message };
}

/** CodeMirror 6, set up for the studio. Shown through `CodeEditor`, which loads it. */
export default function CodeMirrorEditor(props: CodeMirrorEditorProps) {
  const { value, path, label, dark, readOnly = false, wrap = false, marks, goTo, onChange, onSave } = props;
  const [view, setView] = useState<EditorView | null>(null);
  const language = useLanguage(path);
  const extensions = useMemo(
    () => [language, lintGutter(), EditorView.contentAttributes.of({ "aria-label": label }), ...(wrap ? [EditorView.lineWrapping] : [])],
    [language, label, wrap],
  );
  const theme = useMemo(() => studioTheme(dark), [dark]);

  useEffect(() => {
    if (view)
      view.dispatch(
        setDiagnostics(
          view.state,
          (marks ?? []).map((mark) => diagnosticOf(mark, view.state)),
        ),
      );
  }, [view, marks]);

  useEffect(() => {
    if (!view || !goTo) return;
    const line = view.state.doc.line(Math.min(Math.max(1, goTo.line), view.state.doc.lines));
    const at = Math.min(line.to, line.from + Math.max(0, (goTo.column ?? 1) - 1));
    view.dispatch({ selection: { anchor: at }, effects: EditorView.scrollIntoView(at, { y: "center" }) });
    view.focus();
  }, [view, goTo]);

  const press = (event: KeyboardEvent): void => {
    if (!onSave || event.key !== "s" || !(event.metaKey || event.ctrlKey)) return;
    event.preventDefault();
    onSave();
  };

  return (
    <CodeMirror
      onKeyDown={press}
      value={value}
      height="100%"
      style={{ height: "100%" }}
      theme={theme}
      extensions={extensions}
      readOnly={readOnly}
      editable={!readOnly}
      basicSetup={{ foldGutter: false, autocompletion: !readOnly, highlightActiveLine: !readOnly, highlightActiveLineGutter: !readOnly }}
      onCreateEditor={setView}
      {...(onChange ? { onChange } : {})}
    />
  );
}
