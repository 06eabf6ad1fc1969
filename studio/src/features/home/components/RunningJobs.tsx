import { Title } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import type { Job } from "@/api/types";
import { RelativeTime } from "@/ui/figures";
import { TextLink } from "@/ui/links";
import { StatusIcon, toneOf } from "@/ui/StatusBadge";
import classes from "./Home.module.css";

/** Jobs in progress and the last that ended. */
export function RunningJobs({ jobs, workspace }: { jobs: Job[]; workspace: string }) {
  return (
    <section className={classes.panel}>
      <div className={classes.panelHead}>
        <Title order={2}>Jobs</Title>
        <TextLink to="/w/$workspace/jobs" params={{ workspace }} size="sm">
          All jobs
        </TextLink>
      </div>
      {jobs.length === 0 && <div className={classes.none}>Nothing runs. Model pulls, deployments and runs show up here.</div>}
      {jobs.map((job) => (
        <Link key={job.id} to="/w/$workspace/jobs/$id" params={{ workspace, id: job.id }} className={classes.job}>
          <StatusIcon tone={toneOf(job.status)} size={15} />
          <span className="fy-truncate" style={{ flex: 1 }}>
            {job.title}
          </span>
          <RelativeTime value={job.ended_at ?? job.started_at ?? job.created_at} c="dimmed" />
        </Link>
      ))}
    </section>
  );
}
