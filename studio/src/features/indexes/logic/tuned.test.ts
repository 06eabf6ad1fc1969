import { describe, expect, it } from "vitest";
import type { IndexTuning, TuningTrial } from "@/api/types";
import { cutOf, difference, draftProblem, frontierChart, NO_ANSWERS, ordered, orderedAnswers, readCut, requestOf, searchOf, signed, type TuningDraft, writeCut } from "./tuned";

const DRAFT: TuningDraft = { questions: "azureml:set:1", measure: "ndcg", chunks: ["structure:256:32", "tokens:128:0"], rerank: ["crossing"], topK: ["3", "5"], minutes: 10, answers: NO_ANSWERS };

function trial(id: string, part: Partial<TuningTrial> = {}): TuningTrial {
  return { id, configuration: { chunks: {}, embedding_model: "bge" }, rungs: 2, questions: 30, score: { mean: 0.5 }, latency_p50_ms: 3, latency_p95_ms: 5, context_tokens: 800, ...part };
}

describe("a search over configurations", () => {
  it("reads ways of cutting as it writes them", () => {
    expect(writeCut({})).toBe("structure:256:32");
    for (const text of ["structure:256:32", "tokens:40:0"]) expect(writeCut(readCut(text) ?? {})).toBe(text);
    for (const wrong of ["structure", "words:256:32", "structure:8:0", "structure:64:40", "structure:-1:0"]) expect(readCut(wrong)).toBeNull();
  });

  it("says what is missing, and asks for what was chosen", () => {
    expect(draftProblem(DRAFT)).toBeNull();
    expect(draftProblem({ ...DRAFT, questions: "" })).toBe("Choose a question set.");
    expect(draftProblem({ ...DRAFT, chunks: ["64"] })).toContain("64 is no way of cutting");
    expect(draftProblem({ ...DRAFT, topK: [] })).toContain("how many chunks");
    expect(requestOf(DRAFT, "2")).toEqual({
      questions: "azureml:set:1",
      version: "2",
      measure: "ndcg",
      max_minutes: 10,
      space: {
        chunks: [
          { strategy: "structure", max_tokens: 256, overlap_tokens: 32 },
          { strategy: "tokens", max_tokens: 128, overlap_tokens: 0 },
        ],
        top_k: [3, 5],
        rerank: [null, "crossing"],
      },
    });
  });

  it("has a flow answer with variants of one of its nodes", () => {
    const answers = { ...NO_ANSWERS, flow: "chat", variants: ["${answer.short}", "${answer.long}"] };
    expect(draftProblem({ ...DRAFT, answers })).toBeNull();
    expect(draftProblem({ ...DRAFT, answers: { ...answers, variants: ["${answer.short}", "${rewrite.v1}"] } })).toBe("Compare variants of one node at a time.");
    expect(draftProblem({ ...DRAFT, answers: { ...answers, most: 20 } })).toBe("3 configurations with 2 variants need at least 30 answers.");
    expect(requestOf({ ...DRAFT, answers }, "2").answers).toEqual({ flow: "chat", variants: answers.variants, measure: "supported_claims", max_finalists: 3, max_answers: 200 });
    expect(requestOf(DRAFT, "2").answers).toBeUndefined();
  });

  it("shows first the answers that are recommended, then the better ones", () => {
    const found = { questions: 20, failed: 0, unknown: 0, supported_claims: null, citation_recall: null, citation_precision: null, f1_score: null, prompt_tokens: 1, completion_tokens: 1, cost: null, latency_p50_ms: 1, latency_p95_ms: 1 };
    const answer = (id: string, mean: number, recommended = false) => ({ trial: id, variant: "", found: { ...found, score: { mean } }, recommended });
    const tuning = { answers: { tried: [answer("c1", 0.2), answer("c2", 0.9), answer("c3", 0.8, true)] } } as unknown as IndexTuning;
    expect(orderedAnswers(tuning).map(({ trial: id }) => id)).toEqual(["c3", "c2", "c1"]);
    expect(orderedAnswers({} as IndexTuning)).toEqual([]);
  });

  it("shows first what is recommended, then the frontier and the present one", () => {
    const tuning: IndexTuning = {
      id: "t",
      status: "completed",
      index: "i",
      version: "1",
      data: "d",
      measure: "ndcg",
      started_at: "2026-01-01T00:00:00Z",
      recommended: "c4",
      trials: [trial("c1"), trial("c2", { rungs: 1, score: { mean: 0.9 } }), trial("c3", { frontier: true, score: { mean: 0.7 } }), trial("c4", { frontier: true }), trial("c5", { frontier: true })],
    };
    expect(ordered(tuning).map(({ id }) => id)).toEqual(["c4", "c3", "c5", "c1", "c2"]);
    const { series } = frontierChart(tuning) as unknown as { series: { name: string; data: { value: number[] }[] }[] };
    expect(series.map(({ name, data }) => [name, data.length])).toEqual([
      ["Left behind", 1],
      ["Frontier", 2],
      ["Present", 1],
      ["Recommended", 1],
    ]);
    expect(series[3]?.data[0]?.value).toEqual([800, 50]);
    const { yAxis } = frontierChart(tuning) as unknown as { yAxis: { min: (ends: object) => number; max: (ends: object) => number } };
    expect([yAxis.min({ min: 3 }), yAxis.max({ max: 100 })]).toEqual([0, 105]);
  });

  it("tells configurations and differences in a few words", () => {
    expect(searchOf({ chunks: {}, embedding_model: "bge", vector_weight: 0.3, rerank: "x" })).toBe("hybrid 0.3, reranked");
    expect(searchOf({ chunks: {}, embedding_model: "bge", kind: "text" })).toBe("text");
    expect(cutOf({ chunks: { strategy: "tokens", max_tokens: 128, overlap_tokens: 0 }, embedding_model: "bge" })).toBe("tokens, 128 + 0");
    expect(difference(0.051, 0.01, 0.09)).toBe("+5.1 (+1.0 to +9.0)");
    expect(difference(-0.051)).toBe("−5.1");
    expect([signed(-0.2, "0"), signed(0, "0 ms"), signed(0.15, "0.15 ms"), signed(-8, "8.0 ms")]).toEqual(["0", "0 ms", "+0.15 ms", "−8.0 ms"]);
  });
});
