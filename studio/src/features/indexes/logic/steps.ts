import { isActive } from "@/api/jobs";
import type { IndexBuildSamples, Job } from "@/api/types";

/** The last step that gave something to look at. */
function given({ chunks = [], pages = [] }: IndexBuildSamples): string {
  if (chunks.some(({ vector = [] }) => vector.length > 0)) return "embed";
  if (chunks.length > 0) return "chunk";
  return pages.length > 0 ? "crack" : "read";
}

/** The step of a build that is looked into: the one that was asked for, the one that failed, or the last that gave something. */
export function stepOf(job: Pick<Job, "stages" | "status">, asked: string, samples: IndexBuildSamples | undefined): string {
  const { stages } = job;
  const failed = isActive(job) ? undefined : stages.find(({ status }) => status === "failed");
  const names = [asked, failed?.name, samples && given(samples)];
  return stages.find(({ name }) => name === names.find((each) => stages.some((stage) => stage.name === each)))?.name ?? stages[0]?.name ?? "";
}
