import { Group, Text } from "@mantine/core";
import { IconCalendarRepeat, IconPlayerPause, IconPlayerPlay, IconPlayerTrackNext, IconTrash } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { linkOptions, useNavigate } from "@tanstack/react-router";
import { type ReactNode, useState } from "react";
import { data } from "@/api/data";
import type { DataSchedule } from "@/api/types";
import { useRights, whyReadOnly } from "@/api/useRights";
import { formatExact } from "@/lib/format";
import { useWorkspace } from "@/lib/workspace";
import { Clip } from "@/ui/Clip";
import { ConfirmDelete } from "@/ui/ConfirmDelete";
import { type Column, DataTable } from "@/ui/DataTable";
import { EmptyState } from "@/ui/EmptyState";
import { ErrorPanel } from "@/ui/ErrorPanel";
import { RelativeTime } from "@/ui/figures";
import { GuardedIcon } from "@/ui/GuardedButton";
import { Loaded } from "@/ui/Loaded";
import { TextLink } from "@/ui/links";
import { TableSkeleton } from "@/ui/Skeletons";
import { StatusBadge } from "@/ui/StatusBadge";
import { whatOf } from "../logic/schedules";

type Verb = "pause" | "resume" | "run";

function useSchedules(workspace: string) {
  const client = useQueryClient();
  const navigate = useNavigate();
  return useMutation({
    mutationFn: async ({ schedule, verb }: { readonly schedule: DataSchedule; readonly verb: Verb }) => {
      if (verb === "run") return data.importRows(workspace, schedule.request);
      await data[verb](workspace, schedule.name);
      return null;
    },
    onSuccess: async (job) => {
      await client.invalidateQueries({ queryKey: data.schedules(workspace).queryKey });
      if (job) await navigate({ to: "/w/$workspace/jobs/$id", params: { workspace, id: job.id } });
    },
  });
}

function LastJob({ schedule }: { readonly schedule: DataSchedule }) {
  const workspace = useWorkspace();
  if (!schedule.last_job) return "never";
  return (
    <TextLink to="/w/$workspace/jobs/$id" params={{ workspace, id: schedule.last_job }} inherit>
      {schedule.last_at ? <RelativeTime value={schedule.last_at} /> : "its job"}
    </TextLink>
  );
}

function columnsFor(actions: (schedule: DataSchedule) => ReactNode): Column<DataSchedule>[] {
  return [
    { id: "name", header: "Data asset", value: (row) => row.name },
    { id: "what", header: "Imports", value: (row) => whatOf(row.request), cell: (row) => <Clip text={whatOf(row.request)} max="clamp(160px, 26vw, 560px)" /> },
    { id: "cron", header: "When (UTC)", value: (row) => row.cron, cell: (row) => <code>{row.cron}</code>, width: 130 },
    { id: "state", header: "State", value: (row) => (row.paused ? "Paused" : "Active"), cell: (row) => <StatusBadge bare status={row.paused ? "paused" : "active"} tone={row.paused ? "off" : "good"} label={row.paused ? "Paused" : "Active"} />, width: 100 },
    { id: "next", header: "Next", value: (row) => (row.next_at ? Date.parse(row.next_at) : undefined), cell: (row) => (row.next_at ? formatExact(row.next_at) : "–"), width: 200 },
    { id: "last", header: "Last", value: (row) => (row.last_at ? Date.parse(row.last_at) : undefined), cell: (row) => <LastJob schedule={row} />, width: 110 },
    { id: "by", header: "Made by", value: (row) => row.created_by, width: 110 },
    { id: "do", header: "Actions", value: () => undefined, cell: actions, width: 120 },
  ];
}

/** Imports that are made again and again: when, what came of the last, pause and run. */
export function SchedulesTab() {
  const workspace = useWorkspace();
  const client = useQueryClient();
  const list = useQuery(data.schedules(workspace));
  const off = whyReadOnly(useRights(workspace));
  const change = useSchedules(workspace);
  const [removing, setRemoving] = useState<DataSchedule | null>(null);
  const columns = columnsFor((schedule) => (
    <Group gap={2} wrap="nowrap">
      <GuardedIcon off={off} label={`Import ${schedule.name} now`} onClick={() => change.mutate({ schedule, verb: "run" })}>
        <IconPlayerTrackNext size={15} />
      </GuardedIcon>
      <GuardedIcon off={off} label={schedule.paused ? `Resume ${schedule.name}` : `Pause ${schedule.name}`} onClick={() => change.mutate({ schedule, verb: schedule.paused ? "resume" : "pause" })}>
        {schedule.paused ? <IconPlayerPlay size={15} /> : <IconPlayerPause size={15} />}
      </GuardedIcon>
      <GuardedIcon off={off} label={`Delete the schedule of ${schedule.name}`} onClick={() => setRemoving(schedule)}>
        <IconTrash size={15} />
      </GuardedIcon>
    </Group>
  ));
  return (
    <div style={{ display: "flex", flexDirection: "column", gap: 12, height: "100%", minHeight: 0 }}>
      {change.error && <ErrorPanel error={change.error} />}
      <Loaded query={list} skeleton={<TableSkeleton columns={8} />}>
        {({ items }) =>
          items.length === 0 ? (
            <EmptyState icon={IconCalendarRepeat} title="Nothing is imported on a schedule" text="A schedule makes a version of what a database answers, at its times. An answer that is that of the latest version makes no other one. Make one under New data asset, From a database.">
              <Text size="xs" c="dimmed">
                flowyard data import customers --datastore crm --table customers --schedule &quot;0 6 * * *&quot;
              </Text>
            </EmptyState>
          ) : (
            <DataTable name="schedules" columns={columns} rows={items} rowId={(row) => row.name} rowLink={(row) => linkOptions({ to: "/w/$workspace/data/$name", params: { workspace, name: row.name } })} defaultSort="name" searchIn={(row) => `${row.name} ${whatOf(row.request)}`} searchPlaceholder="Search schedules" nothing="Nothing fits the search." />
          )
        }
      </Loaded>
      {removing && (
        <ConfirmDelete
          opened
          onClose={() => setRemoving(null)}
          what={`schedule of ${removing.name}`}
          consequence="Nothing is imported by it any more. The versions that it made stay."
          onConfirm={async () => {
            await data.unschedule(workspace, removing.name);
            await client.invalidateQueries({ queryKey: data.schedules(workspace).queryKey });
          }}
        />
      )}
    </div>
  );
}
