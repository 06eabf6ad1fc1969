import { ActionIcon, Group, Select, Switch, Text, Tooltip } from "@mantine/core";
import { IconRefresh, IconTerminal2 } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { endpoints } from "@/api/endpoints";
import type { Endpoint, LogLines } from "@/api/types";
import { formatNumber } from "@/lib/format";
import { useUrlState } from "@/lib/url";
import { useWorkspace } from "@/lib/workspace";
import { CopyButton } from "@/ui/CopyButton";
import { EmptyState } from "@/ui/EmptyState";
import { Loaded } from "@/ui/Loaded";
import { replicaLabel } from "../logic/state";
import classes from "./LogsTab.module.css";

const TAILS = ["200", "1000", "5000"];
const FOLLOW_MS = 1500;

function Log({ log, follow }: { readonly log: LogLines; readonly follow: boolean }) {
  const frame = useRef<HTMLPreElement>(null);
  useEffect(() => {
    if (follow) frame.current?.scrollTo({ top: frame.current.scrollHeight });
  }, [log, follow]);
  if (log.lines.length === 0)
    return (
      <Text size="sm" c="dimmed">
        {log.replica} has written nothing yet.
      </Text>
    );
  return (
    <pre ref={frame} className={classes.log} tabIndex={0} aria-label={`Log of ${log.replica}`}>
      {log.lines.join("\n")}
    </pre>
  );
}

interface BarProps {
  readonly replicas: { value: string; label: string }[];
  readonly shown: LogLines | undefined;
  readonly tail: string;
  readonly follow: boolean;
  readonly busy: boolean;
  readonly onReplica: (name: string | null) => void;
  readonly onTail: (tail: string | null) => void;
  readonly onFollow: (follow: boolean) => void;
  readonly onRefresh: () => void;
}

function Bar({ replicas, shown, tail, follow, busy, onReplica, onTail, onFollow, onRefresh }: BarProps) {
  return (
    <Group gap="sm">
      <Select aria-label="Replica" w={260} data={replicas} value={shown?.replica ?? null} allowDeselect={false} onChange={onReplica} />
      <Select
        aria-label="Lines"
        w={150}
        data={TAILS.map((value) => ({ value, label: `Last ${formatNumber(Number(value))} lines` }))}
        value={tail}
        allowDeselect={false}
        onChange={onTail}
      />
      <Switch
        label="Follow"
        checked={follow}
        onChange={(event) => {
          onFollow(event.currentTarget.checked);
        }}
      />
      <Tooltip label="Refresh">
        <ActionIcon aria-label="Refresh the log" loading={busy} onClick={onRefresh}>
          <IconRefresh size={16} />
        </ActionIcon>
      </Tooltip>
      {shown && <CopyButton value={shown.lines.join("\n")} label="Copy log" />}
    </Group>
  );
}

/** What the replicas wrote, by replica. */
export function LogsTab({ endpoint }: { readonly endpoint: Endpoint }) {
  const workspace = useWorkspace();
  const [tail, setTail] = useUrlState("tail", TAILS[0]);
  const [chosen, choose] = useUrlState("replica");
  const [follow, setFollow] = useState(true);
  const query = useQuery({ ...endpoints.logs(workspace, endpoint.name, null, Number(tail)), refetchInterval: follow ? FOLLOW_MS : false });
  if (endpoint.deployments.length === 0) {
    return (
      <EmptyState
        icon={IconTerminal2}
        title="No logs yet"
        text="Each replica of a deployment writes a log of its own: the flow's output, its errors, and how it started."
      />
    );
  }
  return (
    <Loaded query={query}>
      {({ items }) => {
        const shown = items.find((log) => log.replica === chosen) ?? items[0];
        return (
          <div className={classes.frame}>
            <Bar
              replicas={items.map((log) => ({ value: log.replica, label: replicaLabel(endpoint, log.replica) }))}
              shown={shown}
              tail={tail}
              follow={follow}
              busy={query.isFetching && !follow}
              onReplica={choose}
              onTail={setTail}
              onFollow={setFollow}
              onRefresh={() => {
                void query.refetch();
              }}
            />
            {shown ? (
              <Log log={shown} follow={follow} />
            ) : (
              <Text size="sm" c="dimmed">
                No replica has written a log.
              </Text>
            )}
          </div>
        );
      }}
    </Loaded>
  );
}
