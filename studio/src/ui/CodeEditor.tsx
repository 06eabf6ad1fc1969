import { Skeleton, useComputedColorScheme } from "@mantine/core";
import { lazy, Suspense } from "react";
import type { CodeMirrorEditorProps, EditorMark } from "./codeMirror/CodeMirrorEditor";

const Editor = lazy(() => import("./codeMirror/CodeMirrorEditor"));

export type { CodeAssist } from "./codeMirror/assist";
export type { EditorMark };

/** A code editor that fills its box. CodeMirror loads when the first one is shown. */
export function CodeEditor(props: Omit<CodeMirrorEditorProps, "dark">) {
  const dark = useComputedColorScheme("light") === "dark";
  return (
    <Suspense fallback={<Skeleton h="100%" radius={0} aria-label="Loading the editor" />}>
      <Editor {...props} dark={dark} />
    </Suspense>
  );
}
