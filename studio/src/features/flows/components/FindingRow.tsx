import { Text } from "@mantine/core";
import { StatusIcon } from "@/ui/StatusBadge";
import type { Finding } from "../model";
import { FileLink } from "./FileLink";
import classes from "./FindingRow.module.css";

/** One thing that validation found: what is wrong, what to do, and a link to where. */
export function FindingRow({ flow, finding }: { readonly flow: string; readonly finding: Finding }) {
  return (
    <div className={classes.row}>
      <div className={classes.icon}>
        <StatusIcon tone={finding.severity === "error" ? "bad" : "warn"} size={15} />
      </div>
      <div className={classes.body}>
        <Text size="sm" className={classes.message}>
          {finding.message}
        </Text>
        {finding.remedy && (
          <Text size="sm" c="dimmed" className={classes.message}>
            {finding.remedy}
          </Text>
        )}
        <Text size="xs" c="dimmed" className={classes.place}>
          {finding.file && <FileLink flow={flow} path={finding.file} line={finding.line ?? null} />}
          {finding.node && <span>node {finding.node}</span>}
          <span>{finding.code}</span>
        </Text>
      </div>
    </div>
  );
}
