import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { jobs } from "@/api/jobs";
import { runs } from "@/api/runs";
import { transforms } from "@/api/transforms";
import type { DataAsset, TransformPreviewCreate, TransformStep } from "@/api/types";
import { useJob } from "@/api/useJob";
import { useUrlState } from "@/lib/url";
import { nameProblem } from "@/lib/names";
import { type DraftStep, moved, outputName, STEP_KINDS, type StepKind, stepProblem } from "../logic/steps";

const WORKS_ON = ["data", "lineage"] as const;
const SAMPLE_ROWS = 50;

/** The version that a finished transform made, as `azureml:<name>:<version>`. */
export function madeBy(result: unknown): string | null {
  const data: unknown = typeof result === "object" && result !== null && "data" in result ? result.data : null;
  return typeof data === "string" ? data : null;
}

/** The steps of the editor, what they need, their trial on a sample, and the job that carries them out. */
export function useTransform(workspace: string, source: DataAsset, columns: readonly string[]) {
  const client = useQueryClient();
  const [steps, setSteps] = useState<readonly DraftStep[]>([]);
  const [nextId, setNextId] = useState(1);
  const [code, setCode] = useState<{ readonly file: File; readonly reference: string } | null>(null);
  const [skip, setSkip] = useState(false);
  const [name, setName] = useState(() => outputName(source.name));
  const [jobId, setJobId] = useUrlState("job");
  const { job, problem: streamProblem } = useJob(workspace, jobId || null, WORKS_ON);
  const needsCode = steps.some(({ step }) => step.python);
  const problems = new Map(steps.flatMap(({ id, step }) => {
    const problem = stepProblem(step, code !== null);
    return problem === null ? [] : [[id, problem] as const];
  }));
  const ready = steps.length > 0 && problems.size === 0;
  const body = (): Omit<TransformPreviewCreate, "rows"> => ({
    source: source.reference,
    steps: steps.map(({ step }) => step),
    inputs: {},
    on_error: skip ? "skip" : "fail",
    ...(needsCode && code ? { code: code.reference } : {}),
  });
  const upload = useMutation({
    mutationFn: async (file: File) => ({ file, reference: (await runs.upload(workspace, file)).reference }),
    onSuccess: setCode,
  });
  const preview = useMutation({ mutationFn: () => transforms.preview(workspace, { ...body(), rows: SAMPLE_ROWS }) });
  const run = useMutation({
    mutationFn: () => transforms.create(workspace, { ...body(), name, tags: {} }),
    onSuccess: async (started) => {
      client.setQueryData(jobs.get(workspace, started.id).queryKey, started);
      await client.invalidateQueries({ queryKey: jobs.list(workspace).queryKey });
      setJobId(started.id);
    },
  });
  return {
    steps,
    problems,
    ready,
    needsCode,
    code: code?.file ?? null,
    upload,
    preview,
    run,
    job,
    streamProblem,
    skip,
    setSkip,
    name,
    setName,
    nameProblem: nameProblem(name),
    forgetJob: () => setJobId(null),
    add: (kind: StepKind) => {
      setSteps((before) => [...before, { id: nextId, step: STEP_KINDS[kind].start(columns) }]);
      setNextId(nextId + 1);
    },
    change: (id: number, step: TransformStep) => setSteps((before) => before.map((each) => (each.id === id ? { id, step } : each))),
    move: (id: number, by: number) => setSteps((before) => moved(before, id, by)),
    remove: (id: number) => setSteps((before) => before.filter((each) => each.id !== id)),
  };
}

/** A transform as its editor has it. */
export type TransformDraft = ReturnType<typeof useTransform>;
