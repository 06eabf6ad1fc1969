import { Skeleton, useComputedColorScheme } from "@mantine/core";
import { lazy, Suspense } from "react";
import type { CodeMirrorMergeProps } from "./codeMirror/CodeMirrorMerge";

const Merge = lazy(() => import("./codeMirror/CodeMirrorMerge"));

/** Two versions of a text beside each other with their differences; the right one can be edited where somebody listens. */
export function MergeView(props: Omit<CodeMirrorMergeProps, "dark">) {
  const dark = useComputedColorScheme("light") === "dark";
  return (
    <Suspense fallback={<Skeleton h="100%" radius={0} aria-label="Loading the comparison" />}>
      <Merge {...props} dark={dark} />
    </Suspense>
  );
}
