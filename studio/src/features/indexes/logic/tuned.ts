import type { EChartsCoreOption } from "echarts/core";
import type { IndexConfiguration, IndexTuning, IndexTuningCreate, TuningAnswer, TuningAnswersCreate, TuningEffect, TuningTrial } from "@/api/types";
import { formatDuration, formatNumber } from "@/lib/format";

/** What a search over configurations is to vary, as its form has it. */
export interface TuningDraft {
  readonly questions: string;
  readonly measure: NonNullable<IndexTuningCreate["measure"]>;
  /** Ways of cutting, as `structure:256:32`. */
  readonly chunks: readonly string[];
  readonly rerank: readonly string[];
  readonly topK: readonly string[];
  readonly minutes: number;
  readonly answers: AnswersDraft;
}

/** What answers are tried with, as the form has it; no flow: none are. */
export interface AnswersDraft {
  readonly flow: string;
  /** Variants of one of its nodes, as `${node.variant}`. */
  readonly variants: readonly string[];
  readonly measure: NonNullable<TuningAnswersCreate["measure"]>;
  readonly most: number;
  /** The model that scores answers; empty: none. */
  readonly judge: string;
  readonly judgeTokens: number;
}

export const NO_ANSWERS: AnswersDraft = { flow: "", variants: [], measure: "supported_claims", most: 200, judge: "", judgeTokens: 1_000_000 };

export const ANSWER_MEASURES: Readonly<Record<AnswersDraft["measure"], string>> = {
  supported_claims: "Supported claims",
  citation_recall: "Citation recall",
  f1_score: "F1 to the right answer",
  groundedness: "Groundedness, by a judge",
  relevance: "Relevance, by a judge",
};

/** Measures that only a judge gives. */
const JUDGED: ReadonlySet<AnswersDraft["measure"]> = new Set(["groundedness", "relevance"]);
/** The fewest tokens that a judge may be given. */
const FEWEST_TOKENS = 1000;

/** Configurations that are answered by, the present one among them. */
export const FINALISTS = 3;
/** Fewer questions than this for a configuration and a variant say nothing. */
const FEWEST = 5;

export const MEASURES: Readonly<Record<TuningDraft["measure"], string>> = { ndcg: "nDCG", hit_rate: "Hit rate", mrr: "MRR", recall: "Recall" };

export const FACTORS: Readonly<Record<TuningEffect["factor"], string>> = {
  chunks: "Cutting",
  embedding_model: "Embedding model",
  kind: "Search",
  vector_weight: "Weight of vectors",
  top_k: "Chunks given",
  rerank: "Reranking",
  prompt: "Prompt",
};

type Cut = IndexConfiguration["chunks"];

/** A way of cutting as the form writes it. */
export function writeCut({ strategy = "structure", max_tokens = 256, overlap_tokens = 32 }: Cut): string {
  return `${strategy}:${String(max_tokens)}:${String(overlap_tokens)}`;
}

/** A way of cutting as it was written; null when it is none. */
export function readCut(text: string): Cut | null {
  const found = /^(structure|tokens):(\d+):(\d+)$/.exec(text.trim());
  if (found === null) return null;
  const [, strategy, most, overlap] = found;
  return Number(most) >= 16 && Number(overlap) * 2 <= Number(most) ? { strategy: strategy as "structure" | "tokens", max_tokens: Number(most), overlap_tokens: Number(overlap) } : null;
}

/** What keeps a search from being begun; null when nothing does. */
export function draftProblem(draft: TuningDraft): string | null {
  if (draft.questions === "") return "Choose a question set.";
  const wrong = draft.chunks.find((text) => readCut(text) === null);
  if (wrong !== undefined) return `${wrong} is no way of cutting: write structure:256:32, with an overlap of half of it at most.`;
  if (draft.topK.length === 0) return "Choose how many chunks a model is given.";
  return draft.answers.flow === "" ? null : answersProblem(draft.answers);
}

function answersProblem({ variants, most, measure, judge, judgeTokens }: AnswersDraft): string | null {
  if (JUDGED.has(measure) && judge.trim() === "") return `${ANSWER_MEASURES[measure]}: name the judge.`;
  if (judge.trim() !== "" && judgeTokens < FEWEST_TOKENS) return `A judge needs at least ${formatNumber(FEWEST_TOKENS)} tokens.`;
  if (new Set(variants.map((variant) => variant.split(".")[0])).size > 1) return "Compare variants of one node at a time.";
  const least = FEWEST * FINALISTS * Math.max(1, variants.length);
  return most < least ? `${String(FINALISTS)} configurations with ${String(Math.max(1, variants.length))} variants need at least ${String(least)} answers.` : null;
}

/** The request of a draft. */
export function requestOf(draft: TuningDraft, version: string): IndexTuningCreate {
  return {
    questions: draft.questions,
    version,
    measure: draft.measure,
    max_minutes: draft.minutes,
    ...(draft.answers.flow === ""
      ? {}
      : {
          answers: {
            flow: draft.answers.flow,
            variants: [...draft.answers.variants],
            measure: draft.answers.measure,
            max_finalists: FINALISTS,
            max_answers: draft.answers.most,
            ...(draft.answers.judge.trim() === "" ? {} : { judge: draft.answers.judge.trim(), max_judge_tokens: draft.answers.judgeTokens }),
          },
        }),
    space: {
      chunks: draft.chunks.flatMap((text) => readCut(text) ?? []),
      top_k: draft.topK.map(Number),
      rerank: [null, ...draft.rerank],
    },
  };
}

/** How a configuration searches, in a few words. */
export function searchOf({ kind = "hybrid", vector_weight = 0.5, rerank }: IndexConfiguration): string {
  const weight = kind === "hybrid" ? ` ${String(vector_weight)}` : "";
  return `${kind}${weight}${rerank ? ", reranked" : ""}`;
}

/** How a configuration cuts, in a few words. */
export function cutOf({ chunks: { strategy = "structure", max_tokens = 256, overlap_tokens = 32 } }: IndexConfiguration): string {
  return `${strategy}, ${formatNumber(max_tokens)} + ${formatNumber(overlap_tokens)}`;
}

/** An amount with the sign of its value; what is told as 0 has none. */
export function signed(value: number, told: string): string {
  return /^[0.]+(\s|$)/.test(told) ? told : `${value >= 0 ? "+" : "−"}${told}`;
}

/** A difference in points of a hundred, with its interval. */
export function difference(value: number, low?: number | null, high?: number | null): string {
  const points = (each: number) => signed(each, formatNumber(Math.abs(each) * 100, 1));
  return low == null || high == null ? points(value) : `${points(value)} (${points(low)} to ${points(high)})`;
}

/** The answers that are looked at first: the recommended ones, then the others by their score. */
export function orderedAnswers(tuning: IndexTuning): TuningAnswer[] {
  return [...(tuning.answers?.tried ?? [])].sort((one, other) => Number(other.recommended) - Number(one.recommended) || other.found.score.mean - one.found.score.mean);
}

/** The variant that answered best by a trial, or by the recommended one where none answered by this one. */
export function bestVariant(tuning: IndexTuning, trial: TuningTrial): string | null {
  const sorted = orderedAnswers(tuning);
  return (sorted.find(({ trial: id }) => id === trial.id) ?? sorted[0])?.variant ?? null;
}

/** The trials that are looked at first: the recommended one, the frontier, the present one, then the others, each by their score. */
export function ordered(tuning: IndexTuning): TuningTrial[] {
  const rank = (trial: TuningTrial) => (trial.id === tuning.recommended ? 0 : trial.frontier ? 1 : trial.id === "c1" ? 2 : 3);
  return [...(tuning.trials ?? [])].sort((one, other) => rank(one) - rank(other) || other.rungs - one.rungs || other.score.mean - one.score.mean);
}

/** The ends of what an axis shows. */
interface Ends {
  readonly min: number;
  readonly max: number;
}

/** Quality over what an answer costs: every trial, the frontier, what is recommended and what there is now. The axis ends above the best, so that no point is cut. */
export function frontierChart(tuning: IndexTuning): EChartsCoreOption {
  const trials = tuning.trials ?? [];
  const most = Math.max(1, ...trials.map(({ rungs }) => rungs));
  const groups: readonly [string, (trial: TuningTrial) => boolean, number][] = [
    ["Left behind", (trial) => !trial.frontier && trial.rungs < most, 6],
    ["On the last rung", (trial) => !trial.frontier && trial.rungs === most && trial.id !== "c1", 8],
    ["Frontier", (trial) => trial.frontier === true && trial.id !== tuning.recommended, 12],
    ["Present", (trial) => trial.id === "c1" && trial.id !== tuning.recommended, 14],
    ["Recommended", (trial) => trial.id === tuning.recommended, 16],
  ];
  const tell = (trial: TuningTrial) =>
    `<b>${trial.id}</b> ${cutOf(trial.configuration)}<br>${searchOf(trial.configuration)}, ${String(trial.configuration.top_k ?? 5)} chunks<br>${formatNumber(trial.score.mean * 100, 1)} points, ${formatNumber(trial.context_tokens, 0)} tokens, ${formatDuration(trial.latency_p50_ms)}`;
  return {
    tooltip: { trigger: "item", confine: true, formatter: ({ data }: { data: { trial: TuningTrial } }) => tell(data.trial) },
    xAxis: { type: "value", name: "Tokens a model is given", nameLocation: "middle", nameGap: 24, min: 0 },
    yAxis: { type: "value", name: `${MEASURES[tuning.measure]}, points`, nameTextStyle: { align: "left" }, min: ({ min }: Ends) => Math.max(0, Math.floor(min - 5)), max: ({ max }: Ends) => Math.ceil(max + 5), axisLabel: { showMaxLabel: false } },
    grid: { left: 8, right: 16, top: 52, bottom: 30, containLabel: true },
    series: groups
      .filter(([, has]) => trials.some(has))
      .map(([name, has, size]) => ({
        type: "scatter",
        name,
        symbol: name === "Present" ? "diamond" : "circle",
        symbolSize: size,
        itemStyle: { opacity: name === "Left behind" ? 0.35 : 0.9 },
        data: trials.filter(has).map((trial) => ({ value: [trial.context_tokens, trial.score.mean * 100], trial })),
      })),
  };
}
