import { SegmentedControl } from "@mantine/core";
import { IconMessages } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { linkOptions } from "@tanstack/react-router";
import { telemetry } from "@/api/telemetry";
import type { Conversation, TelemetryUser } from "@/api/types";
import { formatMoney } from "@/lib/format";
import { searchOf } from "@/lib/traceSearch";
import { useUrlState } from "@/lib/url";
import { useWorkspace } from "@/lib/workspace";
import { type Column, DataTable } from "@/ui/DataTable";
import { EmptyState } from "@/ui/EmptyState";
import { Num, RelativeTime } from "@/ui/figures";
import { Loaded } from "@/ui/Loaded";
import { Page, PageHeader } from "@/ui/Page";
import { TableSkeleton } from "@/ui/Skeletons";

type Tally = Pick<Conversation, "traces" | "errors" | "prompt_tokens" | "completion_tokens" | "cost_micros" | "currency" | "first_at" | "last_at">;

const RANGES = [
  { value: "24h", label: "24 h" },
  { value: "7d", label: "7 days" },
  { value: "30d", label: "30 days" },
];

function sums<T extends Tally>(): Column<T>[] {
  return [
    { id: "traces", header: "Traces", align: "right", value: (row) => row.traces, cell: (row) => <Num value={row.traces} />, width: 90 },
    { id: "errors", header: "Failed", align: "right", value: (row) => row.errors, cell: (row) => (row.errors === 0 ? "" : <Num value={row.errors} c="var(--fy-bad)" />), width: 90 },
    { id: "tokens", header: "Tokens", align: "right", value: (row) => row.prompt_tokens + row.completion_tokens, cell: (row) => <Num value={row.prompt_tokens + row.completion_tokens} />, width: 110 },
    { id: "cost", header: "Cost", align: "right", value: (row) => (row.cost_micros === null ? undefined : Number(row.cost_micros)), cell: (row) => (row.cost_micros === null ? "not known" : formatMoney(row.cost_micros, row.currency)), width: 120 },
    { id: "first", header: "First", align: "right", value: (row) => Date.parse(row.first_at), cell: (row) => <RelativeTime value={row.first_at} />, width: 130 },
    { id: "last", header: "Last", align: "right", value: (row) => Date.parse(row.last_at), cell: (row) => <RelativeTime value={row.last_at} />, width: 130 },
  ];
}

const SESSIONS: Column<Conversation>[] = [
  { id: "session", header: "Session", value: (row) => row.session_id },
  { id: "users", header: "Users", value: (row) => row.users.join(", "), width: "20%" },
  ...sums<Conversation>(),
];
const USERS: Column<TelemetryUser>[] = [
  { id: "user", header: "User", value: (row) => row.user_id },
  { id: "sessions", header: "Sessions", align: "right", value: (row) => row.sessions, cell: (row) => <Num value={row.sessions} />, width: 110 },
  ...sums<TelemetryUser>(),
];

function Nothing({ users }: { readonly users: boolean }) {
  return (
    <EmptyState
      icon={IconMessages}
      title={users ? "No users in this time" : "No sessions in this time"}
      text={
        users
          ? "Requests that name a user (the field user of OpenAI's protocol, or user.id of OpenTelemetry) are added up here."
          : "Traces that name a session (session.id of OpenTelemetry) are put together to conversations here."
      }
    />
  );
}

/** Conversations and users of the applications, with what they caused. */
export function SessionsPage({ users }: { readonly users: boolean }) {
  const workspace = useWorkspace();
  const [range, setRange] = useUrlState("range", "7d");
  const sessions = useQuery({ ...telemetry.sessions(workspace, { since: range }), enabled: !users });
  const people = useQuery({ ...telemetry.users(workspace, { since: range }), enabled: users });
  return (
    <Page fill>
      <PageHeader
        title={users ? "Users" : "Sessions"}
        parent={{ label: "Traces", target: linkOptions({ to: "/w/$workspace/traces", params: { workspace } }) }}
        meta={users ? "Whom the applications served, and what it took." : "Conversations: the traces that belong together."}
      >
        <SegmentedControl size="xs" aria-label="Period" data={RANGES} value={range} onChange={setRange} />
      </PageHeader>
      {users ? (
        <Loaded query={people} skeleton={<TableSkeleton columns={7} />}>
          {({ items }) =>
            items.length === 0 ? (
              <Nothing users />
            ) : (
              <DataTable name="users" columns={USERS} rows={items} rowId={(row) => row.user_id} rowLink={(row) => ({ to: "/w/$workspace/traces", params: { workspace }, search: { q: searchOf("user", row.user_id) } })} defaultSort="-last" searchIn={(row) => row.user_id} searchPlaceholder="Search users" />
            )
          }
        </Loaded>
      ) : (
        <Loaded query={sessions} skeleton={<TableSkeleton columns={7} />}>
          {({ items }) =>
            items.length === 0 ? (
              <Nothing users={false} />
            ) : (
              <DataTable name="sessions" columns={SESSIONS} rows={items} rowId={(row) => row.session_id} rowLink={(row) => linkOptions({ to: "/w/$workspace/traces/sessions/$sessionId", params: { workspace, sessionId: row.session_id } })} defaultSort="-last" searchIn={(row) => `${row.session_id} ${row.users.join(" ")}`} searchPlaceholder="Search sessions" />
            )
          }
        </Loaded>
      )}
    </Page>
  );
}
