import type { DataAsset, Job } from "@/api/types";
import { formatDuration, formatNumber } from "@/lib/format";
import { type Kind, KINDS } from "./questionRows";

/** The tag of a data asset that is a question set: the index that its questions are about. */
export const QUESTIONS_OF = "questions-of";
/** The kind of the job that makes one. */
export const GENERATION = "question_generation";

/** The question sets of an index, among data assets. */
export function setsOf(assets: readonly DataAsset[], index: string): DataAsset[] {
  return assets.filter(({ tags, origin }) => tags[QUESTIONS_OF] === index || (tags[QUESTIONS_OF] === undefined && origin.kind === "questions" && String(origin.index).startsWith(`${index}:`)));
}

/** Which model wrote the questions; empty where people did. */
export function writerOf({ tags, origin }: Pick<DataAsset, "tags" | "origin">): string {
  return tags.model ?? (typeof origin.model === "string" ? origin.model : "");
}

/** Why a set that a model made has fewer questions than were asked for, in a few words; null where it has not, or people changed it since. */
export function whyFewer({ origin }: Pick<DataAsset, "origin">): string | null {
  return origin.kind === "questions" && typeof origin.ended === "string" ? origin.ended : null;
}

/** The tags of a set's next version: it stays the index's, and what made it is told. */
export function tagsOf(index: string, kinds: string, before?: Pick<DataAsset, "tags" | "origin">): Record<string, string> {
  const writer = before ? writerOf(before) : "";
  return { ...before?.tags, [QUESTIONS_OF]: index, kinds, ...(writer === "" ? {} : { model: writer }) };
}

/** A name for a new set of an index that no data asset has yet. */
export function freeName(index: string, assets: readonly Pick<DataAsset, "name">[]): string {
  const taken = new Set(assets.map(({ name }) => name));
  const name = `${index}-questions`;
  for (let number = 1; ; number += 1) {
    const free = number === 1 ? name : `${name}-${number}`;
    if (!taken.has(free)) return free;
  }
}

/** What a set of some name becomes, where a data asset has that name. */
export function tellTaken(name: string, assets: readonly Pick<DataAsset, "name" | "version">[]): string | null {
  const there = assets.find((each) => each.name === name);
  return there === undefined ? null : `There is a data asset of this name: the set becomes the version after ${there.version}, and is what its newest version has.`;
}

/** The job's result: `GeneratedQuestions` of the API. */
export interface Generated {
  readonly data: string | null;
  readonly questions: Readonly<Record<string, number>>;
  readonly rejected: Readonly<Record<string, number>>;
  readonly refused?: readonly RefusedQuestion[];
  readonly asked: number;
  readonly documents: number;
  readonly tokens: number;
  readonly ended: "complete" | "exhausted" | "budget";
}

export interface RefusedQuestion {
  readonly question: string;
  readonly kind: string;
  readonly document: string;
  readonly reason: string;
  readonly same_as: string | null;
}

export function generatedBy(result: unknown): Generated | null {
  if (typeof result !== "object" || result === null || !("questions" in result) || !("asked" in result)) return null;
  return result as Generated;
}

/** Why questions are not taken: of several, and of one. */
const REASONS: Readonly<Record<string, readonly [string, string]>> = {
  unreadable: ["could not be read", "could not be read"],
  repeats_itself: ["repeat themselves", "repeats itself"],
  no_question: ["are no questions", "is no question"],
  refers_to_the_passage: ["speak of their passage", "speaks of its passage"],
  not_answered: ["are not answered by their passage", "is not answered by its passage"],
  off_the_passage: ["are about something else", "is about something else"],
  duplicate: ["mean the same as another", "means the same as another"],
  speaks_to_the_model: ["speak to the model", "speaks to the model"],
  badly_worded: ["are worded badly", "is worded badly"],
  no_statement: ["had no statement to ask about", "had no statement to ask about"],
  failed: ["failed", "failed"],
};

/** Why one question was not taken, in words. */
export function tellRefused({ reason, same_as }: RefusedQuestion): string {
  return same_as ? `means the same as “${same_as}”` : (REASONS[reason]?.[1] ?? reason);
}

export function questionCount({ questions }: Pick<Generated, "questions">): number {
  return Object.values(questions).reduce((sum, count) => sum + count, 0);
}

const ENDED: Readonly<Record<Generated["ended"], string>> = {
  complete: "",
  exhausted: " The passages gave no more.",
  budget: " The budget of tokens was used up.",
};

/** What a generation made, in a sentence or three. */
export function tellGenerated(found: Generated): string {
  const made = questionCount(found);
  const not = Object.entries(found.rejected).map(([reason, count]) => `${formatNumber(count)} ${REASONS[reason]?.[count === 1 ? 1 : 0] ?? reason}`);
  const asked = `${formatNumber(found.asked)} passages were asked about`;
  const head = made === 0 ? `${asked}, and not one question was good.` : `${formatNumber(made)} ${made === 1 ? "question" : "questions"} of ${formatNumber(found.documents)} ${found.documents === 1 ? "document" : "documents"}. ${asked}, with ${formatNumber(found.tokens)} tokens.`;
  return `${head}${not.length === 0 ? "" : ` Not taken: ${not.join(", ")}.`}${ENDED[found.ended]}`;
}

/** What a generation that was canceled left; null where it left nothing. */
export function tellKept({ status, stages }: Pick<Job, "status" | "stages">): string | null {
  const made = stages.find(({ name }) => name === "write")?.done ?? 0;
  if (status !== "canceled" || made === 0) return null;
  return `${formatNumber(made)} ${made === 1 ? "question is" : "questions are"} kept as a set, ready to be used. Resume makes the others, and the next version of the set.`;
}

/** The jobs that make or made sets of an index, the newest first. */
export function generationsOf(jobs: readonly Job[], index: string): Job[] {
  return jobs.filter((job) => job.kind === GENERATION && job.target.startsWith(`index/${index}/`)).sort((one, other) => other.created_at.localeCompare(one.created_at));
}

/** What the newest generation that ended took; null where none has. */
export function tellLast(jobs: readonly Job[], index: string): string | null {
  for (const job of generationsOf(jobs, index)) {
    const found = generatedBy(job.result);
    if (job.status !== "completed" || found === null || !job.started_at || !job.ended_at) continue;
    const took = formatDuration(Date.parse(job.ended_at) - Date.parse(job.started_at));
    return `The last one took ${took} and ${formatNumber(found.tokens)} tokens for ${formatNumber(questionCount(found))} questions of ${formatNumber(found.asked)} passages.`;
  }
  return null;
}

/** What is asked for, as it is filled in: a share of 0 leaves a kind out. */
export interface GenerationDraft {
  readonly count: number;
  readonly shares: Readonly<Record<Kind, number>>;
  readonly model: string;
  readonly name: string;
  readonly maxTokens: number;
}

export const EQUAL: Readonly<Record<Kind, number>> = { short: 1, long: 1, boolean: 1, summary: 1, conversation: 1 };

export function kindsAsked({ shares }: Pick<GenerationDraft, "shares">): Kind[] {
  return KINDS.filter((kind) => shares[kind] > 0);
}

/** How many questions of each kind that is: as the server counts, what is over goes to the greatest remainders. */
export function countsOf({ count, shares }: Pick<GenerationDraft, "count" | "shares">): Readonly<Record<Kind, number>> {
  const kinds = kindsAsked({ shares });
  const all = kinds.reduce((sum, kind) => sum + shares[kind], 0);
  const exact = kinds.map((kind) => ({ kind, exact: (count * shares[kind]) / all }));
  const found: Record<Kind, number> = { short: 0, long: 0, boolean: 0, summary: 0, conversation: 0 };
  for (const each of exact) found[each.kind] = Math.floor(each.exact);
  const over = count - exact.reduce((sum, each) => sum + Math.floor(each.exact), 0);
  const rest = [...exact].sort((one, other) => (other.exact % 1) - (one.exact % 1));
  for (const each of rest.slice(0, Math.max(0, over))) found[each.kind] += 1;
  return found;
}

/** The same as a command. */
export function generationCommand(index: string, version: string, draft: GenerationDraft): string {
  const kinds = kindsAsked(draft);
  const parts = [`flowyard index questions ${index}`, `--version ${version}`, `--model ${draft.model || "MODEL"}`, `--count ${draft.count}`, `--kinds ${kinds.join(",")}`];
  if (new Set(kinds.map((kind) => draft.shares[kind])).size > 1) parts.push(`--shares ${kinds.map((kind) => draft.shares[kind]).join(",")}`);
  parts.push(`--name ${draft.name || "NAME"}`, `--max-tokens ${draft.maxTokens}`);
  return parts.join(" \\\n  ");
}
