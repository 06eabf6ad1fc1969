import { Skeleton, Text } from "@mantine/core";
import { useMemo } from "react";
import { CodeEditor, type EditorMark } from "@/ui/CodeEditor";
import { useCodeAssist } from "../../hooks/useCodeAssist";
import { useFlow } from "../../hooks/useFlowDocument";
import { useSeen } from "../../hooks/useSeen";
import type { SourceReport } from "../../model";
import { FileLink } from "../FileLink";
import classes from "./editors.module.css";

interface CodeFieldProps {
  readonly flow: string;
  readonly path: string;
  readonly report: SourceReport | undefined;
  /** The part of the file that is shown, where it is not all of it. */
  readonly part?: { readonly label: string; readonly text: string; readonly onChange: (text: string) => void };
}

const LINE_PX = 20.8;
const LEAST_LINES = 5;
const MOST_LINES = 22;

function marksOf(report: SourceReport | undefined): readonly EditorMark[] {
  return (report?.findings ?? []).map(({ line, column, severity, message, remedy }) => ({
    line: line ?? 1,
    column: column ?? null,
    severity,
    message: remedy ? `${message} ${remedy}` : message,
  }));
}

/** The text of a node's file in an editor as high as the text, with the mistakes in it below. Typing is in all other views at once. */
export function CodeField({ flow, path, report, part }: CodeFieldProps) {
  const document = useFlow();
  const assist = useCodeAssist(flow, path);
  const { box, seen } = useSeen();
  const text = part?.text ?? document.text(path);
  const marks = useMemo(() => marksOf(report), [report]);
  const { undo, redo } = document;
  const history = useMemo(() => ({ undo, redo }), [undo, redo]);
  if (document.conflicts[path])
    return (
      <Text size="sm" role="alert">
        Somebody else changed the same lines of this file: settle it under Files. <FileLink flow={flow} path={path} />
      </Text>
    );
  if (text === null) return <Text size="sm" c="dimmed">{document.isText(path) ? `Reading ${path}` : "A binary file."}</Text>;
  const lines = Math.min(MOST_LINES, Math.max(LEAST_LINES, text.split("\n").length));
  return (
    <>
      <div {...box} role="group" aria-label={part?.label ?? `Editor of ${path}`} className={classes.code} style={{ height: lines * LINE_PX + 10 }}>
        {seen ? (
          <CodeEditor
            value={text}
            path={path}
            label={part ? `Text of the ${part.label.toLowerCase()}` : `Text of ${path}`}
            marks={marks}
            history={history}
            assist={assist}
            wrap={!path.endsWith(".py")}
            readOnly={document.readOnly !== null}
            onChange={(next) => {
              if (part) part.onChange(next);
              else document.setText(path, next);
            }}
            onSave={() => void document.save()}
          />
        ) : (
          <Skeleton h="100%" radius={0} />
        )}
      </div>
      <div role="status">
        {marks.map((mark) => (
          <Text key={`${String(mark.line)} ${mark.message}`} size="xs" mt={4} c={mark.severity === "error" ? "var(--fy-bad)" : "var(--fy-warn)"}>
            {`Line ${String(mark.line)}: ${mark.message}`}
          </Text>
        ))}
      </div>
    </>
  );
}
