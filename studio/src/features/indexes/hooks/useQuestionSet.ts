import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useMemo } from "react";
import { data } from "@/api/data";
import type { DataAsset } from "@/api/types";
import { formatNumber } from "@/lib/format";
import { asJsonLines, countKinds, isCut, type QuestionRow } from "../logic/questionRows";
import { tagsOf } from "../logic/questionSets";

/** So many questions are looked at and changed here; a measurement asks no more either. */
export const MOST_QUESTIONS = 10_000;

/** The questions of a version of a data asset, and why they cannot be changed, if so. */
export function useQuestionSet(workspace: string, asset: DataAsset) {
  const query = useQuery(data.rows(workspace, asset.name, asset.version, MOST_QUESTIONS));
  const found = useMemo(() => {
    const read = (query.data?.rows ?? []).filter(({ error }) => !error);
    const unread = (query.data?.rows.length ?? 0) - read.length;
    const rows = read.map(({ line, values }): QuestionRow => ({ id: String(line), values }));
    const why = query.data?.more
      ? `It has more than ${formatNumber(MOST_QUESTIONS)} rows, of which these are the first.`
      : rows.some(({ values }) => isCut(values))
        ? "Some of its cells are too long to be shown whole."
        : rows.length === 0
          ? "It has no rows, and a saved version would have nothing else of it."
          : null;
    return { rows, unread, why };
  }, [query.data]);
  return { query, ...found };
}

interface Kept {
  readonly name: string;
  readonly index: string;
  readonly rows: readonly QuestionRow[];
  /** The version that this one comes after, if any. */
  readonly before?: DataAsset;
}

/** Keeps questions as the next version of a data asset. */
export function useKeepQuestions(workspace: string, onKept: (made: DataAsset) => void) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ name, index, rows, before }: Kept) => {
      const file = new File([asJsonLines(rows)], "questions.jsonl", { type: "application/x-ndjson" });
      const description = before?.description ?? `Questions about ${index}`;
      return data.create(workspace, [{ path: file.name, file }], { name, description, tags: tagsOf(index, countKinds(rows), before) }, () => undefined, new AbortController().signal);
    },
    onSuccess: async (made) => {
      await client.invalidateQueries({ queryKey: ["data", workspace] });
      onKept(made);
    },
  });
}
