import { Progress, Text } from "@mantine/core";
import { formatNumber } from "@/lib/format";
import { isRunning } from "@/api/runs";
import { doneOf, paceText, rowsText, sharesOf } from "../logic/progress";
import type { Run } from "../model";

interface RunProgressProps {
  readonly run: Run;
  /** For tables: one narrow line. */
  readonly small?: boolean;
}

/** How far a run is: rows done and failed, of how many, how fast. */
export function RunProgress({ run, small = false }: RunProgressProps) {
  const done = doneOf(run.counts);
  const shares = sharesOf(done);
  const pace = isRunning(run) ? paceText(run.counts) : "";
  return (
    <>
      <Progress.Root size={small ? 4 : 10} radius={small ? 2 : 4} aria-hidden>
        <Progress.Section value={shares.completed} color={isRunning(run) ? "var(--fy-accent)" : "var(--fy-good)"} />
        <Progress.Section value={shares.failed} color="var(--fy-bad)" />
      </Progress.Root>
      <Text size="xs" c="dimmed" mt={small ? 3 : 8} className="fy-num fy-truncate">
        {small ? rowsText(done).replace(/ rows?$/, "") : rowsText(done)}
        {done.failed > 0 && (
          <Text span inherit c="var(--fy-bad)">
            {` · ${formatNumber(done.failed)} failed`}
          </Text>
        )}
        {!small && pace !== "" && ` · ${pace}`}
      </Text>
    </>
  );
}
