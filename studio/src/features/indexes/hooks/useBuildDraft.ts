import { useState } from "react";
import type { PathFile } from "@/api/parts";
import type { Index, Model } from "@/api/types";
import { nameOfAll } from "@/lib/files";
import { nameFor, nameProblem } from "@/lib/names";
import { commandOf, cuttingProblem, type Draft, rulesProblem, startOf } from "../logic/draft";
import type { BuildOrder } from "./useBuild";
import { useLocalModels } from "./useLocalModels";

export type From = "files" | "asset";

function firstOf(items: readonly Model[]): string {
  return (items.find(({ state }) => state === "ready") ?? items[0])?.name ?? "";
}

/** Whether a model can embed as far as is known here. */
function usable(model: string, items: readonly Model[]): boolean {
  return model.includes("/") ? /^[^/]+\/.+$/.test(model) : items.some(({ name, state }) => name === model && state === "ready");
}

function sourceShown(from: From, files: readonly PathFile[], asset: string | null): string {
  return from === "asset" ? (asset ?? "azureml:NAME:VERSION") : `./${nameOfAll(files) || "documents"}`;
}

/** What a build is to be, as it is filled in; `before`: the index that gets another version. */
export function useBuildDraft(before: Index | null) {
  const { items } = useLocalModels();
  const [from, setFrom] = useState<From>("files");
  const [files, setFiles] = useState<readonly PathFile[]>([]);
  const [asset, setAsset] = useState<string | null>(null);
  const [typed, setName] = useState<string | null>(null);
  const [about, setAbout] = useState("");
  const [chosen, setModel] = useState<string | null>(null);
  const [cutting, setCutting] = useState<Draft>(() => startOf(before));
  const model = chosen ?? firstOf(items);
  const suggested = from === "files" ? nameFor(nameOfAll(files)) : (asset?.split(":")[1] ?? "");
  const name = before?.name ?? typed ?? suggested;
  const done = {
    documents: from === "files" ? files.length > 0 : asset !== null,
    name: nameProblem(name) === null,
    model: before !== null || usable(model, items),
    cutting: cuttingProblem(cutting) === null,
    access: rulesProblem(cutting.rules) === null,
  };
  const order = (): BuildOrder => ({
    name,
    source: from === "asset" ? { reference: asset ?? "" } : { files },
    language: "English",
    chunks: { strategy: cutting.strategy, max_tokens: cutting.maxTokens, overlap_tokens: cutting.overlap },
    access: [...cutting.rules],
    ...(before ? {} : { embedding_model: model }),
    ...(about === "" ? {} : { description: about }),
  });
  return {
    documents: { from, setFrom, files, setFiles, asset, setAsset },
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
    command: commandOf({ name, source: sourceShown(from, files, asset), model: before ? null : model, draft: cutting }),
  };
}

/** A build as the page has it. */
export type BuildDraft = ReturnType<typeof useBuildDraft>;
