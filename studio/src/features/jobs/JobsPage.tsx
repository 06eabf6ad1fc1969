import { linkOptions } from "@tanstack/react-router";
import { useQuery } from "@tanstack/react-query";
import { IconStack2 } from "@tabler/icons-react";
import { useMemo } from "react";
import { jobs } from "@/api/jobs";
import type { Job } from "@/api/types";
import { formatWords } from "@/lib/format";
import { useUrlState } from "@/lib/url";
import { useWorkspace } from "@/lib/workspace";
import { type Column, DataTable } from "@/ui/DataTable";
import { EmptyState } from "@/ui/EmptyState";
import { Duration, RelativeTime } from "@/ui/figures";
import { ButtonLink } from "@/ui/links";
import { Loaded } from "@/ui/Loaded";
import { Page, PageHeader } from "@/ui/Page";
import { TableSkeleton } from "@/ui/Skeletons";
import { StatusBadge } from "@/ui/StatusBadge";
import { FilterMenu } from "@/ui/TableBar";

const STATUSES: Job["status"][] = ["queued", "running", "canceling", "completed", "failed", "canceled"];
const STATUS_OPTIONS = STATUSES.map((value) => ({ value, label: value.charAt(0).toUpperCase() + value.slice(1) }));

function elapsedMs(job: Job): number | null {
  return job.started_at && job.ended_at ? Date.parse(job.ended_at) - Date.parse(job.started_at) : null;
}

/** Without the scheme before the assets that it names, which says nothing among jobs and pushed what follows out of the column. */
function shortTitle(job: Job): string {
  return job.title.replaceAll(/\bazureml:(?!\/\/)/g, "");
}

const COLUMNS: Column<Job>[] = [
  { id: "title", header: "Job", value: shortTitle, cell: (job) => <span title={job.title}>{shortTitle(job)}</span> },
  { id: "status", header: "Status", value: (job) => job.status, cell: (job) => <StatusBadge bare status={job.status} />, width: 120 },
  { id: "stage", header: "Stage", value: (job) => formatWords(job.stages.findLast((stage) => stage.status !== "pending")?.name ?? "") || null },
  { id: "kind", header: "Kind", value: (job) => formatWords(job.kind) },
  { id: "by", header: "Started by", value: (job) => job.created_by },
  { id: "took", header: "Took", align: "right", value: elapsedMs, cell: (job) => <Duration value={elapsedMs(job)} />, width: 110 },
  { id: "created", header: "Created", align: "right", value: (job) => Date.parse(job.created_at), cell: (job) => <RelativeTime value={job.created_at} />, width: 120 },
];

/** Durable work of the workspace. */
export function JobsPage() {
  const workspace = useWorkspace();
  const [status, setStatus] = useUrlState("status");
  const list = useQuery(jobs.list(workspace));
  const rows = useMemo(() => (list.data?.items ?? []).filter((job) => !status || job.status === status), [list.data, status]);
  return (
    <Page fill>
      <PageHeader title="Jobs" meta="Long work that survives restarts: model pulls and deployments." />
      <Loaded query={list} skeleton={<TableSkeleton columns={6} />}>
        {({ items }) =>
          items.length === 0 ? (
            <EmptyState icon={IconStack2} title="No job yet" text="A job is work that takes longer than a click. It goes on when you close this page, and resumes where it stopped after a restart. Pulling a model is one.">
              <ButtonLink to="/w/$workspace/models" params={{ workspace }}>
                Pull a model
              </ButtonLink>
            </EmptyState>
          ) : (
            <DataTable
              name="jobs"
              columns={COLUMNS}
              rows={rows}
              rowId={(job) => job.id}
              rowLink={(job) => linkOptions({ to: "/w/$workspace/jobs/$id", params: { workspace, id: job.id } })}
              defaultSort="-created"
              searchIn={(job) => `${job.title} ${job.kind} ${job.target} ${job.created_by}`}
              searchPlaceholder="Search jobs"
              filters={<FilterMenu label="Status" value={status} options={STATUS_OPTIONS} onChange={setStatus} />}
            />
          )
        }
      </Loaded>
    </Page>
  );
}
