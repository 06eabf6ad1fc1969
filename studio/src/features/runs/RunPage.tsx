import { Badge } from "@mantine/core";
import { IconChartBar, IconLayoutDashboard, IconListDetails, IconTerminal2 } from "@tabler/icons-react";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { linkOptions, useParams } from "@tanstack/react-router";
import { useEffect, useRef } from "react";
import { isRunning, runs } from "@/api/runs";
import { formatNumber } from "@/lib/format";
import { useWorkspace } from "@/lib/workspace";
import { CopyButton } from "@/ui/CopyButton";
import { RelativeTime } from "@/ui/figures";
import { Loaded } from "@/ui/Loaded";
import { TextLink } from "@/ui/links";
import { Page, PageHeader } from "@/ui/Page";
import { StatusBadge } from "@/ui/StatusBadge";
import { type UrlTab, UrlTabs } from "@/ui/UrlTabs";
import { FlowName } from "./components/FlowName";
import { LogsTab } from "./components/LogsTab";
import { MetricsTab } from "./components/MetricsTab";
import { OverviewTab } from "./components/OverviewTab";
import { RowsTab } from "./components/RowsTab";
import { RunActions } from "./components/RunActions";
import { doneOf } from "./logic/progress";
import type { Run } from "./model";

function Meta({ run }: { readonly run: Run }) {
  const workspace = useWorkspace();
  return (
    <>
      {run.display_name && run.display_name !== run.name && <span>{run.name}</span>}
      <span>
        flow <FlowName flow={run.flow} />
      </span>
      <span>
        created <RelativeTime value={run.created_at} /> by {run.created_by}
      </span>
      {run.job_id && (
        <TextLink to="/w/$workspace/jobs/$id" params={{ workspace, id: run.job_id }} inherit>
          Job
        </TextLink>
      )}
    </>
  );
}

function Tabs({ run }: { readonly run: Run }) {
  const { done } = doneOf(run.counts);
  const tabs: UrlTab[] = [
    { value: "overview", label: "Overview", icon: <IconLayoutDashboard size={15} />, content: () => <OverviewTab run={run} /> },
    {
      value: "rows",
      label: done > 0 ? `Rows (${formatNumber(done)})` : "Rows",
      icon: <IconListDetails size={15} />,
      content: () => <RowsTab key={run.name} run={run} />,
    },
    { value: "metrics", label: "Metrics", icon: <IconChartBar size={15} />, content: () => <MetricsTab run={run} /> },
    { value: "logs", label: "Logs", icon: <IconTerminal2 size={15} />, content: () => <LogsTab run={run} /> },
  ];
  return <UrlTabs tabs={tabs} fill />;
}

/** Reads everything of a run again once it has ended: its last rows, metrics and log. */
function useFresh(run: Run | undefined): void {
  const workspace = useWorkspace();
  const client = useQueryClient();
  const before = useRef<Run["status"]>(undefined);
  const status = run?.status;
  const name = run?.name;
  useEffect(() => {
    const ended = before.current !== undefined && status !== undefined && isRunning({ status: before.current }) && !isRunning({ status });
    before.current = status;
    if (ended && name !== undefined) void client.invalidateQueries({ queryKey: ["runs", workspace, name] });
  }, [client, workspace, name, status]);
}

/** A run: how far it is, its rows, metrics and log. */
export function RunPage() {
  const workspace = useWorkspace();
  const { name = "" } = useParams({ strict: false });
  const query = useQuery(runs.get(workspace, name));
  useFresh(query.data);
  const parent = { label: "Runs", target: linkOptions({ to: "/w/$workspace/runs", params: { workspace } }) };
  return (
    <Page fill>
      {!query.data && <PageHeader title={name} parent={parent} />}
      <Loaded query={query}>
        {(run) => (
          <>
            <PageHeader
              title={run.display_name ?? run.name}
              parent={parent}
              badge={
                <>
                  <StatusBadge status={run.status} />
                  {run.archived && (
                    <Badge variant="default" tt="none" fw={500}>
                      Archived
                    </Badge>
                  )}
                  <CopyButton value={run.name} label="Copy name" />
                </>
              }
              meta={<Meta run={run} />}
            >
              <RunActions run={run} />
            </PageHeader>
            <Tabs run={run} />
          </>
        )}
      </Loaded>
    </Page>
  );
}
