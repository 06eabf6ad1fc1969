import { type Diagnostic, setDiagnostics } from "@codemirror/lint";
import { Annotation, Compartment, EditorState, type Extension } from "@codemirror/state";
import { EditorView } from "@codemirror/view";
import { type KeyboardEvent, useEffect, useLayoutEffect, useRef, useState } from "react";
import type { CodeAssist } from "./assist";
import { languageOf, sqlLanguage } from "./languages";
import { reading, writing } from "./setup";
import { studioTheme } from "./theme";

/** Something to point out at a line (from 1). */
export interface EditorMark {
  line: number;
  column?: number | null;
  severity: "error" | "warning";
  message: string;
}

/** A history outside the editor, which the keys of undo and redo go to. */
export interface OuterHistory {
  readonly undo: () => void;
  readonly redo: () => void;
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
  /** Control-Enter, or Command-Enter on a Mac. */
  onRun?: () => void;
  /** Who keeps the history, where that is not the editor itself. */
  history?: OuterHistory;
  /** Makes it an editor of SQL, with completion of these tables and their columns. */
  tables?: Readonly<Record<string, readonly string[]>>;
  /** Who knows the names of Python code. */
  assist?: CodeAssist | undefined;
}

/** Marks a change that came from outside, which is no edit. */
const fromOutside = Annotation.define<boolean>();

function diagnosticOf(mark: EditorMark, state: EditorState): Diagnostic {
  const line = state.doc.line(Math.min(Math.max(1, mark.line), state.doc.lines));
  const from = Math.min(line.to, line.from + Math.max(0, (mark.column ?? 1) - 1));
  return { from, to: line.to, severity: mark.severity, message: mark.message };
}

/** Keeps one part of the editor's setup equal to `extension`. */
function useExtension(view: EditorView | null, slot: Compartment, extension: Extension): void {
  useEffect(() => {
    view?.dispatch({ effects: slot.reconfigure(extension) });
  }, [view, slot, extension]);
}

/** The editor in its box; what may change later has a compartment each. */
function useEditor({ value, label, readOnly = false, wrap = false, onChange }: CodeMirrorEditorProps) {
  const box = useRef<HTMLDivElement>(null);
  const [view, setView] = useState<EditorView | null>(null);
  const [slots] = useState(() => ({ language: new Compartment(), theme: new Compartment(), assist: new Compartment() }));
  const first = useRef(value);
  const changed = useRef(onChange);
  useLayoutEffect(() => {
    changed.current = onChange;
  });
  useLayoutEffect(() => {
    const parent = box.current;
    if (!parent) return undefined;
    const made = new EditorView({
      parent,
      doc: first.current,
      extensions: [
        reading,
        ...(readOnly ? [EditorState.readOnly.of(true)] : [writing]),
        ...(wrap ? [EditorView.lineWrapping] : []),
        slots.theme.of([]),
        slots.language.of([]),
        slots.assist.of([]),
        EditorView.contentAttributes.of({ "aria-label": label, tabindex: "0" }),
        EditorView.updateListener.of((update) => {
          if (!update.docChanged) return;
          first.current = update.state.doc.toString();
          if (!update.transactions.some((transaction) => transaction.annotation(fromOutside))) changed.current?.(first.current);
        }),
      ],
    });
    setView(made);
    return () => {
      made.destroy();
      setView(null);
    };
  }, [slots, label, readOnly, wrap]);
  return { box, view, slots };
}

/** Takes over a text that was changed outside, as the smallest change that makes the two equal, so that the cursor stays. */
function useValue(view: EditorView | null, value: string): void {
  useEffect(() => {
    if (!view) return;
    const now = view.state.doc.toString();
    if (now === value) return;
    let start = 0;
    while (start < now.length && start < value.length && now[start] === value[start]) start += 1;
    let end = 0;
    while (end < now.length - start && end < value.length - start && now[now.length - 1 - end] === value[value.length - 1 - end]) end += 1;
    view.dispatch({ changes: { from: start, to: now.length - end, insert: value.slice(start, value.length - end) }, annotations: fromOutside.of(true) });
  }, [view, value]);
}

function useLanguage(path: string, tables: CodeMirrorEditorProps["tables"]): Extension {
  const [language, setLanguage] = useState<Extension>([]);
  useEffect(() => {
    let wanted = true;
    void (tables ? sqlLanguage(tables) : languageOf(path)).then((found) => {
      if (wanted) setLanguage(found);
    });
    return () => {
      wanted = false;
    };
  }, [path, tables]);
  return language;
}

function useAssist(assist: CodeAssist | undefined): Extension {
  const [extension, setExtension] = useState<Extension>([]);
  useEffect(() => {
    let wanted = true;
    if (assist)
      void import("./assist").then(({ assisted }) => {
        if (wanted) setExtension(assisted(assist));
      });
    return () => {
      wanted = false;
      setExtension([]);
    };
  }, [assist]);
  return extension;
}

function useMarks(view: EditorView | null, marks: readonly EditorMark[] | undefined): void {
  useEffect(() => {
    if (view && marks) view.dispatch(setDiagnostics(view.state, marks.map((mark) => diagnosticOf(mark, view.state))));
  }, [view, marks]);
}

function useGoTo(view: EditorView | null, goTo: CodeMirrorEditorProps["goTo"]): void {
  useEffect(() => {
    if (!view || !goTo) return;
    const line = view.state.doc.line(Math.min(Math.max(1, goTo.line), view.state.doc.lines));
    const at = Math.min(line.to, line.from + Math.max(0, (goTo.column ?? 1) - 1));
    view.dispatch({ selection: { anchor: at }, effects: EditorView.scrollIntoView(at, { y: "center" }) });
    view.focus();
  }, [view, goTo]);
}

function stepOf({ key, shiftKey }: Pick<KeyboardEvent, "key" | "shiftKey">): keyof OuterHistory | null {
  if (key.toLowerCase() === "z") return shiftKey ? "redo" : "undo";
  return key.toLowerCase() === "y" ? "redo" : null;
}

const LIGHT = studioTheme(false);
const DARK = studioTheme(true);

/** CodeMirror 6, set up for the studio. Shown through `CodeEditor`, which loads it. */
export default function CodeMirrorEditor(props: CodeMirrorEditorProps) {
  const { value, path, dark, marks, goTo, onSave, onRun, history, tables, assist } = props;
  const { box, view, slots } = useEditor(props);
  useExtension(view, slots.theme, dark ? DARK : LIGHT);
  useExtension(view, slots.language, useLanguage(path, tables));
  useExtension(view, slots.assist, useAssist(assist));
  useValue(view, value);
  useMarks(view, marks);
  useGoTo(view, goTo);
  const press = (event: KeyboardEvent): void => {
    if (onRun && event.key === "Enter" && (event.metaKey || event.ctrlKey)) {
      event.preventDefault();
      event.stopPropagation();
      onRun();
      return;
    }
    const step = history && (event.metaKey || event.ctrlKey) && !event.altKey ? stepOf(event) : null;
    if (history && step !== null) {
      event.preventDefault();
      event.stopPropagation();
      history[step]();
      return;
    }
    if (!onSave || event.key.toLowerCase() !== "s" || !(event.metaKey || event.ctrlKey)) return;
    event.preventDefault();
    onSave();
  };
  return <div ref={box} style={{ height: "100%", minHeight: 0 }} onKeyDownCapture={press} />;
}
