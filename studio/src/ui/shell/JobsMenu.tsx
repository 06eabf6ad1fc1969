import { ActionIcon, Divider, Indicator, Popover, Progress, Text, Tooltip } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { IconBell } from "@tabler/icons-react";
import { useState } from "react";
import { isActive, jobs } from "@/api/jobs";
import type { Job } from "@/api/types";
import { RelativeTime } from "@/ui/figures";
import { StatusIcon, toneOf } from "@/ui/StatusBadge";
import { mayAsk, useJobNews } from "./useJobNews";
import classes from "./Shell.module.css";

const RECENT = 6;

/** The share of a job that is done, by its running stage and the stages before it; undefined when it does not count. */
export function shareDone(job: Job): number | undefined {
  const running = job.stages.find((stage) => stage.status === "running");
  if (!running || typeof running.done !== "number" || typeof running.total !== "number" || running.total === 0) return undefined;
  return running.done / running.total;
}

function JobRow({ job, workspace, onOpen }: { job: Job; workspace: string; onOpen: () => void }) {
  const share = isActive(job) ? shareDone(job) : undefined;
  return (
    <li>
      <Link to="/w/$workspace/jobs/$id" params={{ workspace, id: job.id }} className={classes.job} onClick={onOpen}>
        <StatusIcon tone={toneOf(job.status)} size={15} />
        <span className={classes.jobBody}>
          <span className="fy-truncate" style={{ display: "block" }}>
            {job.title}
          </span>
          {share !== undefined && <Progress size={4} mt={5} value={share * 100} aria-label={`${job.title}, share done`} />}
        </span>
        <RelativeTime value={job.ended_at ?? job.started_at ?? job.created_at} c="dimmed" fz={12} />
      </Link>
    </li>
  );
}

/** Jobs in progress and the last that ended, from anywhere. */
export function JobsMenu({ workspace, me }: { workspace: string; me: string }) {
  const [opened, setOpened] = useState(false);
  const [asks, setAsks] = useState(mayAsk);
  const query = useQuery(jobs.list(workspace));
  useJobNews(workspace, query.data?.items, me);
  const all = query.data?.items ?? [];
  const active = all.filter(isActive);
  const shown = [...active, ...all.filter((job) => !isActive(job))].slice(0, Math.max(RECENT, active.length));
  const close = () => {
    setOpened(false);
  };
  const label = active.length > 0 ? `${active.length} ${active.length === 1 ? "job" : "jobs"} in progress` : "Jobs";
  return (
    <Popover opened={opened} onChange={setOpened} position="bottom-end" width={360} trapFocus>
      <Popover.Target>
        <Tooltip label={label} disabled={opened}>
          <Indicator disabled={active.length === 0} label={active.length} size={15} offset={4} processing>
            <ActionIcon
              aria-label={label}
              onClick={() => {
                setOpened((before) => !before);
              }}
            >
              <IconBell size={17} stroke={1.7} />
            </ActionIcon>
          </Indicator>
        </Tooltip>
      </Popover.Target>
      <Popover.Dropdown p={0}>
        {shown.length === 0 ? (
          <Text size="sm" c="dimmed" p="md">
            Nothing runs, and nothing has run yet. Model pulls, deployments and runs show up here.
          </Text>
        ) : (
          <ul className={classes.jobs}>
            {shown.map((job) => (
              <JobRow key={job.id} job={job} workspace={workspace} onOpen={close} />
            ))}
          </ul>
        )}
        <Divider />
        {asks && (
          <button
            type="button"
            className={classes.job}
            style={{ margin: 4, marginBottom: 0 }}
            onClick={() => {
              void Notification.requestPermission().then(() => {
                setAsks(mayAsk());
              });
            }}
          >
            Tell me outside this window when long work ends
          </button>
        )}
        <Link to="/w/$workspace/jobs" params={{ workspace }} className={classes.job} style={{ margin: 4 }} onClick={close}>
          All jobs
        </Link>
      </Popover.Dropdown>
    </Popover>
  );
}
