import { Group, Select, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { isRunning, runs } from "@/api/runs";
import { formatExact, formatNumber } from "@/lib/format";
import { useUrlState } from "@/lib/url";
import { useWorkspace } from "@/lib/workspace";
import { CopyButton } from "@/ui/CopyButton";
import { Loaded } from "@/ui/Loaded";
import type { Run, RunLog } from "../model";
import classes from "./LogsTab.module.css";

const TAILS = ["200", "1000", "10000"];
const FOLLOW_MS = 1500;
const LEVELS: Readonly<Record<RunLog["level"], string | undefined>> = { info: undefined, warning: classes.warning, error: classes.error };

function Log({ lines, follow, name }: { readonly lines: readonly RunLog[]; readonly follow: boolean; readonly name: string }) {
  const frame = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (follow) frame.current?.scrollTo({ top: frame.current.scrollHeight });
  }, [lines, follow]);
  if (lines.length === 0)
    return (
      <Text size="sm" c="dimmed">
        {follow ? "The run has written nothing yet." : "The run wrote nothing."} What a node prints on a row is with that row.
      </Text>
    );
  return (
    <div ref={frame} className={classes.log} tabIndex={0} role="log" aria-label={`Log of ${name}`}>
      {lines.map((line, index) => (
        <div key={`${line.at} ${index}`} className={classes.line}>
          <time className={classes.at} dateTime={line.at} title={formatExact(line.at)}>
            {new Date(line.at).toLocaleTimeString(undefined, { hour12: false })}
          </time>
          <span className={LEVELS[line.level]}>{line.level}</span>
          <span>{line.message}</span>
        </div>
      ))}
    </div>
  );
}

/** What the run said: how it began, what it took over, what failed, how it ended. */
export function LogsTab({ run }: { readonly run: Run }) {
  const workspace = useWorkspace();
  const [tail, setTail] = useUrlState("tail", TAILS[0]);
  const follow = isRunning(run);
  const query = useQuery({ ...runs.logs(workspace, run.name, Number(tail)), refetchInterval: follow ? FOLLOW_MS : false });
  return (
    <Loaded query={query}>
      {({ items }) => (
        <div className={classes.frame}>
          <Group gap="sm">
            <Select
              aria-label="Lines"
              w={170}
              data={TAILS.map((value) => ({ value, label: `Last ${formatNumber(Number(value))} lines` }))}
              value={tail}
              allowDeselect={false}
              onChange={setTail}
            />
            {items.length > 0 && <CopyButton value={items.map((line) => `${line.at} ${line.level} ${line.message}`).join("\n")} label="Copy log" />}
          </Group>
          <Log lines={items} follow={follow} name={run.name} />
        </div>
      )}
    </Loaded>
  );
}
