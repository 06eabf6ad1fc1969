import { isActive } from "@/api/jobs";
import type { Job } from "@/api/types";
import { formatDuration } from "@/lib/format";

/** So long a job takes at least for its end to be told, milliseconds. */
export const LONG_MS = 10_000;

/** What is told of a job that ended. */
export interface News {
  readonly job: Job;
  readonly title: string;
  readonly text: string;
}

const ENDS: Partial<Record<Job["status"], string>> = { completed: "Completed", failed: "Failed" };

/**
 * Long jobs of somebody that ended since they were last looked at; who canceled one knows it.
 *
 * @param before ids of jobs that went on then
 * @param by whose jobs: as `created_by` ends, behind `user/` or `key/`
 */
export function newsOf(before: ReadonlySet<string>, jobs: readonly Job[], by: string): News[] {
  return jobs.flatMap((job) => {
    const end = ENDS[job.status];
    const took = Date.parse(job.ended_at ?? "") - Date.parse(job.created_at);
    if (end === undefined || !before.has(job.id) || !job.created_by.endsWith(`/${by}`) || !(took >= LONG_MS)) return [];
    return [{ job, title: `${end}: ${job.title}`, text: `After ${formatDuration(took)}.` }];
  });
}

/** The ids of jobs that go on. */
export function activeOf(jobs: readonly Job[]): ReadonlySet<string> {
  return new Set(jobs.filter(isActive).map(({ id }) => id));
}
