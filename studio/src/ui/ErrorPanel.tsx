import { Button, CopyButton, Text } from "@mantine/core";
import { IconCheck, IconClipboardText, IconRefresh } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { asProblem, type Problem } from "@/api/problem";
import classes from "./ErrorPanel.module.css";
import { StatusIcon } from "./StatusBadge";
import { WithheldNote } from "./WithheldNote";

/** Where a problem is, in one line: `flow.dag.yaml:12:3`, a JSON pointer, or nothing. */
export function placeOf(problem: Problem): string {
  const { location } = problem;
  if (!location) return "";
  const place = [location.file, location.line, location.column].filter((part) => part !== null && part !== undefined).join(":");
  return place || (location.pointer ?? "");
}

function reportOf(problem: Problem): string {
  const report = { at: new Date().toISOString(), page: window.location.pathname, ...problem };
  return JSON.stringify(report, null, 2);
}

/** The problem of asking for what is made of documents that one may not see: that is as it should be. */
const WITHHELD = "Withheld";

interface ErrorPanelProps {
  /** What was thrown, or problem details. */
  error: unknown;
  onRetry?: () => void;
  /** More buttons: what can be done from here. */
  children?: ReactNode;
}

function isProblem(value: unknown): value is Problem {
  return typeof value === "object" && value !== null && !(value instanceof Error) && "code" in value && "detail" in value;
}

/** What happened, where, and what to do. The report can be copied. */
export function ErrorPanel({ error, onRetry, children }: ErrorPanelProps) {
  const problem = isProblem(error) ? error : asProblem(error);
  const place = placeOf(problem);
  if (problem.code === WITHHELD) {
    return (
      <WithheldNote title={problem.title}>
        {problem.detail} {problem.remedy}
      </WithheldNote>
    );
  }
  return (
    <div className={classes.panel} role="alert">
      <div className={classes.head}>
        <div style={{ marginTop: 3 }}>
          <StatusIcon tone="bad" size={16} />
        </div>
        <div className={classes.body}>
          <div className={classes.title}>{problem.title}</div>
          <div className={classes.detail}>{problem.detail}</div>
          {place && <div className={classes.place}>at {place}</div>}
          {problem.findings && problem.findings.length > 0 && (
            <ul className={classes.findings}>
              {problem.findings.map((finding) => (
                <li key={`${finding.code} ${placeOf(finding)} ${finding.detail}`}>
                  {placeOf(finding) && <Text span inherit ff="monospace" fz={12}>{`${placeOf(finding)} `}</Text>}
                  {finding.detail} {finding.remedy}
                </li>
              ))}
            </ul>
          )}
          {problem.remedy && <div className={classes.remedy}>{problem.remedy}</div>}
          <div className={classes.actions}>
            {onRetry && (
              <Button size="compact-sm" variant="default" leftSection={<IconRefresh size={14} />} onClick={onRetry}>
                Try again
              </Button>
            )}
            {children}
            <CopyButton value={reportOf(problem)}>
              {({ copied, copy }) => (
                <Button size="compact-sm" variant="subtle" color="gray" leftSection={copied ? <IconCheck size={14} /> : <IconClipboardText size={14} />} onClick={copy}>
                  {copied ? "Copied" : "Copy report"}
                </Button>
              )}
            </CopyButton>
          </div>
        </div>
      </div>
    </div>
  );
}
