import { isActive } from "@/api/jobs";
import type { Job } from "@/api/types";

/** Whether the job of a verification or comparison has a report to ask for: its first stage ends with one. A job that is not known ended long ago. */
export function hasReport(job: Pick<Job, "status" | "stages"> | undefined): boolean {
  return job === undefined || !isActive(job) || job.stages[0]?.status === "completed";
}
