import { useCallback } from "react";
import { isRunning, type LineFilter, runs } from "@/api/runs";
import { useWorkspace } from "@/lib/workspace";
import { PAGE_ROWS } from "../logic/window";
import type { ComparedLine, Run, RunLine } from "../model";
import type { PageOf } from "./pages";
import { usePages } from "./usePages";

/** A row's name within its run: its line, and its variant where it has one. */
export function rowIdOf(row: Pick<RunLine, "line" | "variant">): string {
  return row.variant === "" ? String(row.line) : `${row.line}:${row.variant}`;
}

export function parseRowId(id: string): { readonly line: number; readonly variant: string } | null {
  const match = /^(\d+)(?::(.*))?$/s.exec(id);
  return match ? { line: Number(match[1]), variant: match[2] ?? "" } : null;
}

/** The rows of a run that are in sight; live while the run goes on. */
export function useLines(run: Run, filter: LineFilter, from: number) {
  const workspace = useWorkspace();
  const pageOf = useCallback<PageOf<RunLine>>((offset) => runs.lines(workspace, run.name, filter, offset, PAGE_ROWS), [workspace, run.name, filter]);
  return usePages(pageOf, rowIdOf, isRunning(run), from);
}

/** A row's name in a comparison. */
export function comparedIdOf({ line }: ComparedLine): string {
  return String(line);
}

/** The rows of runs side by side that are in sight; with `changed` those that differ. */
export function useComparedLines(names: readonly string[], changed: boolean, from: number) {
  const workspace = useWorkspace();
  const pageOf = useCallback<PageOf<ComparedLine>>((offset) => runs.comparedLines(workspace, names, changed, offset, PAGE_ROWS), [workspace, names, changed]);
  return usePages(pageOf, comparedIdOf, false, from);
}
