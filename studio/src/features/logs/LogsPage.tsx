import { Button, Group, Kbd, Menu, SegmentedControl, Text } from "@mantine/core";
import { IconChevronDown, IconPlayerPlay, IconPlayerStop } from "@tabler/icons-react";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useMemo, useRef, useState } from "react";
import { logs } from "@/api/logs";
import { ApiError } from "@/api/problem";
import type { SqlTable } from "@/api/types";
import { saveFile } from "@/lib/saveFile";
import { useUrlState } from "@/lib/url";
import { useWorkspace } from "@/lib/workspace";
import { CodeEditor, type EditorMark } from "@/ui/CodeEditor";
import { ErrorPanel } from "@/ui/ErrorPanel";
import { GuardedButton } from "@/ui/GuardedButton";
import { Page, PageHeader } from "@/ui/Page";
import { TableSkeleton } from "@/ui/Skeletons";
import { Answer } from "./components/Answer";
import classes from "./components/Logs.module.css";
import { SavedQueries } from "./components/SavedQueries";
import { EXAMPLES } from "./logic/answer";

const ROWS = 10_000;
const RANGES = [
  { value: "1h", label: "1 h" },
  { value: "24h", label: "24 h" },
  { value: "7d", label: "7 days" },
  { value: "30d", label: "30 days" },
];

function Schema({ tables }: { readonly tables: readonly SqlTable[] }) {
  return (
    <aside className={classes.schema} aria-label="Tables and columns">
      {tables.map((table) => (
        <details key={table.name} open={table.name === "spans"}>
          <summary title={table.meaning}>
            <Text span size="sm" fw={600}>
              {table.name}
            </Text>
          </summary>
          <ul className={classes.columns}>
            {table.columns.map((column) => (
              <li key={column.name}>
                {column.name} <span>{column.type.toLowerCase()}</span>
              </li>
            ))}
          </ul>
        </details>
      ))}
    </aside>
  );
}

/** Runs what is written; another run, or leaving, stops the one before. */
function useAnswer(workspace: string, range: string) {
  const stop = useRef<AbortController | null>(null);
  const run = useMutation({
    mutationFn: (query: string) => {
      stop.current?.abort();
      stop.current = new AbortController();
      return logs.query(workspace, { query, since: range, limit: ROWS }, stop.current.signal);
    },
  });
  const parquet = useMutation({
    mutationFn: () => logs.parquet(workspace, { query: run.variables ?? "", since: range, limit: ROWS }),
    onSuccess: (file) => saveFile(file, "answer.parquet"),
  });
  return { run, parquet, stop: () => stop.current?.abort() };
}

interface ResultProps {
  readonly run: ReturnType<typeof useAnswer>["run"];
  readonly parquet: ReturnType<typeof useAnswer>["parquet"];
  readonly start: () => void;
}

/** What is wrong with the statement that was run, at its place in it; nothing once it was changed. */
function marksOf(error: unknown, ran: string | undefined, text: string): readonly EditorMark[] {
  if (!(error instanceof ApiError) || ran !== text) return [];
  const { location, detail } = error.problem;
  return typeof location?.line === "number" ? [{ line: location.line, column: location.column ?? 1, severity: "error", message: detail }] : [];
}

function Result({ run, parquet, start }: ResultProps) {
  const stopped = run.error instanceof DOMException && run.error.name === "AbortError";
  if (run.isPending) return <TableSkeleton columns={4} />;
  if (run.isError && !stopped)
    return (
      <div style={{ padding: 12 }}>
        <ErrorPanel error={run.error} onRetry={start} />
      </div>
    );
  if (run.isSuccess)
    return (
      <>
        {parquet.error && (
          <div style={{ padding: 12 }}>
            <ErrorPanel error={parquet.error} />
          </div>
        )}
        <Answer answer={run.data} loading={parquet.isPending} onParquet={() => parquet.mutate()} />
      </>
    );
  return (
    <Group p="md" gap={6}>
      <Text size="sm" c="dimmed">
        Write a SELECT and run it with <Kbd>Ctrl</Kbd> + <Kbd>Enter</Kbd>. The tables are at the right; names complete as you type.
      </Text>
    </Group>
  );
}

/** SQL over what ran. */
export function LogsPage() {
  const workspace = useWorkspace();
  const [kept, keep] = useUrlState("query", EXAMPLES[0]?.query ?? "");
  const [range, setRange] = useUrlState("range", "24h");
  const [text, setText] = useState(kept);
  const schema = useQuery(logs.schema(workspace));
  const { run, parquet, stop } = useAnswer(workspace, range);
  const tables = useMemo(() => Object.fromEntries((schema.data?.items ?? []).map((table) => [table.name, table.columns.map((column) => column.name)])), [schema.data]);
  const marks = useMemo(() => marksOf(run.error, run.variables, text), [run.error, run.variables, text]);
  const start = () => {
    if (text.trim() === "") return;
    keep(text);
    parquet.reset();
    run.mutate(text);
  };
  return (
    <Page fill>
      <PageHeader title="Logs" meta="Ask what ran in SQL: spans, requests, logs, metrics and scores of this workspace.">
        <SavedQueries text={text} onChoose={setText} />
        <Menu position="bottom-end">
          <Menu.Target>
            <Button variant="default" rightSection={<IconChevronDown size={14} />}>
              Examples
            </Button>
          </Menu.Target>
          <Menu.Dropdown>
            {EXAMPLES.map(({ title, query }) => (
              <Menu.Item
                key={title}
                onClick={() => {
                  setText(query);
                }}
              >
                {title}
              </Menu.Item>
            ))}
          </Menu.Dropdown>
        </Menu>
        <SegmentedControl size="xs" aria-label="Period" data={RANGES} value={range} onChange={setRange} />
        {run.isPending ? (
          <Button color="gray" leftSection={<IconPlayerStop size={16} />} onClick={stop}>
            Stop
          </Button>
        ) : (
          <GuardedButton leftSection={<IconPlayerPlay size={16} />} off={text.trim() === "" ? "Write a query first." : null} onClick={start}>
            Run
          </GuardedButton>
        )}
      </PageHeader>
      <div className={classes.work}>
        <div className={classes.editor}>
          <CodeEditor value={text} path="query.sql" label="SQL" wrap tables={tables} marks={marks} onChange={setText} onRun={start} />
        </div>
        <section className={classes.answer} aria-label="Answer">
          <Result run={run} parquet={parquet} start={start} />
        </section>
        <Schema tables={schema.data?.items ?? []} />
      </div>
    </Page>
  );
}
