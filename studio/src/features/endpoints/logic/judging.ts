import type { RolloutStart } from "@/api/types";
import { readVariables } from "./deployPlan";
import { readInit } from "./init";

/** How an evaluator looks at the answers of a rollout, as somebody types it. Without a name none does. */
export interface Judging {
  readonly evaluator: string;
  readonly minScore: number | string;
  readonly sample: number | string;
  /** INPUT=${run.outputs.answer} lines. */
  readonly mapping: string;
  /** What it is made with, as JSON. */
  readonly init: string;
}

export const NOBODY: Judging = { evaluator: "", minScore: "", sample: 20, mapping: "", init: "" };

type Asked = Pick<RolloutStart, "evaluator" | "min_score" | "sample" | "evaluator_init" | "column_mapping">;

/** The part of a rollout that says so, or what is wrong with each field. */
export function readJudging(judging: Judging): { readonly value: Asked } | { readonly problems: Partial<Record<keyof Judging, string>> } {
  const evaluator = judging.evaluator.trim();
  if (evaluator === "") return { value: {} };
  const mapping = readVariables(judging.mapping);
  const init = readInit(judging.init);
  const { minScore, sample } = judging;
  if (typeof minScore === "number" && typeof sample === "number" && "value" in mapping && "value" in init) {
    return { value: { evaluator, min_score: minScore, sample, column_mapping: mapping.value, evaluator_init: init.value } };
  }
  return {
    problems: {
      ...(typeof minScore === "number" ? {} : { minScore: "Which mean is good enough?" }),
      ...(typeof sample === "number" ? {} : { sample: "1 to 1,000." }),
      ...("problem" in mapping ? { mapping: mapping.problem.replace("NAME=VALUE", "INPUT=${run.outputs.…}") } : {}),
      ...("problem" in init ? { init: init.problem } : {}),
    },
  };
}
