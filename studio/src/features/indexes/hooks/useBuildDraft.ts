import { useState } from "react";
import type { PathFile } from "@/api/parts";
import type { Index, Model } from "@/api/types";
import { nameOfAll } from "@/lib/files";
import { nameFor } from "@/lib/names";
import { commandOf, cuttingProblem, type Draft, indexNameProblem, rulesProblem, startOf } from "../logic/draft";
import { type From, nameOfOrigin, newestOf, originFrom, originOf, originProblem, originWords, type OriginDraft } from "../logic/origin";
import type { BuildOrder, Source } from "./useBuild";
import { useLocalModels } from "./useLocalModels";

/** The model that is offered first: one that is here. */
export function firstOf(items: readonly Model[]): string {
  return (items.find(({ state }) => state === "ready") ?? items[0])?.name ?? "";
}

/** Whether a model can embed as far as is known here. */
export function usable(model: string, items: readonly Model[]): boolean {
  return model.includes("/") ? /^[^/]+\/.+$/.test(model) : items.some(({ name, state }) => name === model && state === "ready");
}

/** Where documents are, as it is filled in. */
function useDocuments(before: Index | null) {
  const [start] = useState(() => originOf(before));
  const [from, setFrom] = useState<From>(start.from);
  const [files, setFiles] = useState<readonly PathFile[]>([]);
  const [asset, setAsset] = useState<string | null>(before === null ? null : newestOf(before.latest.source));
  const [origin, setOrigin] = useState<OriginDraft>(start.draft);
  const change = (part: Partial<OriginDraft>) => setOrigin((old) => ({ ...old, ...part }));
  return { from, setFrom, files, setFiles, asset, setAsset, origin, change };
}

/** Where documents are, with what changes it. */
export type Documents = ReturnType<typeof useDocuments>;

interface Told {
  readonly done: boolean;
  readonly suggested: string;
  readonly source: Source;
  /** As options of the command. */
  readonly words: readonly (readonly [string, string])[];
}

function toldOf({ from, files, asset, origin }: Documents): Told {
  if (from === "files") return { done: files.length > 0, suggested: nameFor(nameOfAll(files)), source: { files }, words: [["--data", `./${nameOfAll(files) || "documents"}`]] };
  if (from === "asset") return { done: asset !== null, suggested: asset?.split(":")[1] ?? "", source: { reference: asset ?? "" }, words: [["--data", asset ?? "azureml:NAME:VERSION"]] };
  return { done: originProblem(from, origin) === null, suggested: nameFor(nameOfOrigin(from, origin)), source: { origin: originFrom(from, origin) }, words: originWords(from, origin) };
}

/** What a build is to be, as it is filled in; `before`: the index that gets another version. */
export function useBuildDraft(before: Index | null) {
  const { items } = useLocalModels();
  const documents = useDocuments(before);
  const [typed, setName] = useState<string | null>(null);
  const [about, setAbout] = useState("");
  const [chosen, setModel] = useState<string | null>(null);
  const [cutting, setCutting] = useState<Draft>(() => startOf(before));
  const model = chosen ?? firstOf(items);
  const told = toldOf(documents);
  const name = before?.name ?? typed ?? told.suggested;
  // Rules that stay are not sent: who does not see all of them may not set them.
  const sameRules = before !== null && JSON.stringify(cutting.rules) === JSON.stringify(startOf(before).rules);
  const done = {
    documents: told.done,
    name: indexNameProblem(name) === null,
    model: before !== null || usable(model, items),
    cutting: cuttingProblem(cutting) === null,
    access: rulesProblem(cutting.rules) === null,
  };
  const order = (): BuildOrder => ({
    name,
    source: told.source,
    language: "English",
    chunks: { strategy: cutting.strategy, max_tokens: cutting.maxTokens, overlap_tokens: cutting.overlap },
    ...(sameRules ? {} : { access: [...cutting.rules] }),
    ...(before ? {} : { embedding_model: model }),
    ...(about === "" ? {} : { description: about }),
  });
  return {
    documents,
    name,
    setName,
    about,
    setAbout,
    model,
    setModel,
    cutting,
    change: (part: Partial<Draft>) => setCutting((old) => ({ ...old, ...part })),
    done,
    order,
    command: commandOf({ name, source: told.words, model: before ? null : model, draft: sameRules ? { ...cutting, rules: [] } : cutting }),
  };
}

/** A build as the page has it. */
export type BuildDraft = ReturnType<typeof useBuildDraft>;
