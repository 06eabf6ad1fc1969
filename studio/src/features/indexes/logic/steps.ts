import type { Job } from "@/api/types";

/** The step of a build that is looked into: the one that was asked for, else the last that has something to show. */
export function stepOf(job: Pick<Job, "stages">, asked: string): string {
  const { stages } = job;
  if (stages.some(({ name }) => name === asked)) return asked;
  const failed = stages.find(({ status }) => status === "failed" || status === "canceled");
  const embedded = stages.find(({ name, done }) => name === "embed" && (done ?? 0) > 0);
  return (failed ?? embedded ?? stages.find(({ status }) => status === "running") ?? stages[0])?.name ?? "";
}
