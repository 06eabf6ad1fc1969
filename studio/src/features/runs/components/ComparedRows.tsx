import { CloseButton, Group, Switch, Text, VisuallyHidden } from "@mantine/core";
import { type ReactNode, useMemo } from "react";
import { readProblem } from "@/api/problem";
import { formatNumber, UNKNOWN } from "@/lib/format";
import { useUrlState } from "@/lib/url";
import { useWorkspace } from "@/lib/workspace";
import { ErrorPanel } from "@/ui/ErrorPanel";
import { TextLink } from "@/ui/links";
import { type PagedColumn, PagedTable } from "@/ui/PagedTable";
import { TableSkeleton } from "@/ui/Skeletons";
import { StatusBadge } from "@/ui/StatusBadge";
import { useWatched } from "@/ui/useWatched";
import { comparedIdOf, rowIdOf, useComparedLines } from "../hooks/useLines";
import { differing, unlikeInputs } from "../logic/comparison";
import { namesOf } from "../logic/values";
import { freshWords } from "../logic/words";
import type { ComparedLine, ComparedSide, RunLine } from "../model";
import { outputColumns, valueColumn } from "./columns";
import classes from "./Compare.module.css";
import rowsTab from "./RowsTab.module.css";

const LONGEST = 4000;

function textOf(value: unknown): string {
  const text = typeof value === "string" ? value : ((JSON.stringify(value) as string | undefined) ?? "not there");
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}

interface ValueProps {
  readonly name: string;
  readonly value: unknown;
  readonly base: unknown;
  readonly differs: boolean;
}

function Value({ name, value, base, differs }: ValueProps) {
  // Beside a row that gave nothing every word would be new.
  const pieces = differs && base !== undefined ? freshWords(textOf(base), textOf(value)) : [{ text: textOf(value), fresh: false }];
  return (
    <div className={differs ? `${classes.value} ${classes.differs}` : classes.value}>
      <span className={classes.name}>{name}</span>
      {differs && <VisuallyHidden>(differs) </VisuallyHidden>}
      {pieces.map((piece, index) =>
        piece.fresh ? (
          <mark key={index} className={classes.fresh}>
            {piece.text}
          </mark>
        ) : (
          <span key={index}>{piece.text}</span>
        ),
      )}
    </div>
  );
}

interface CellProps {
  readonly row: RunLine | null;
  readonly base: RunLine | null;
  /** The outputs that differ from those of the first side. */
  readonly differs: ReadonlySet<string>;
  /** The inputs that not all sides were given alike. */
  readonly unlike: ReadonlySet<string>;
  readonly side: ComparedSide | undefined;
}

function Cell({ row, base, differs, unlike, side }: CellProps) {
  const workspace = useWorkspace();
  if (!row)
    return (
      <Text size="sm" c="dimmed">
        Not there.
      </Text>
    );
  const missing = [...differs].filter((name) => !(name in row.outputs));
  const failed = row.status === "failed";
  return (
    <>
      {[...unlike].map((name) => (
        <Value
          key={name}
          name={`inputs.${name}`}
          value={row.inputs[name]}
          base={base?.inputs[name]}
          differs={row !== base && JSON.stringify(row.inputs[name]) !== JSON.stringify(base?.inputs[name])}
        />
      ))}
      {failed && (
        <div className={row.status === base?.status ? classes.value : `${classes.value} ${classes.differs}`}>
          <StatusBadge status="failed" bare /> {readProblem(row.error)?.detail}
        </div>
      )}
      {!failed && [...Object.keys(row.outputs), ...missing].map((name) => (
        <Value key={name} name={name} value={row.outputs[name]} base={base?.outputs[name]} differs={differs.has(name)} />
      ))}
      {side && (
        <TextLink
          to="/w/$workspace/runs/$name"
          params={{ workspace, name: side.run }}
          search={{ tab: "rows", row: rowIdOf(row) } as never}
          fz={12}
          aria-label={`Open row ${row.line} of ${side.label}`}
        >
          Open
        </TextLink>
      )}
    </>
  );
}

type Part = "inputs" | "outputs";

function sideCell(column: PagedColumn<RunLine>, part: Part, index: number, line: ComparedLine): ReactNode {
  const row = line.sides[index];
  if (!row) return UNKNOWN;
  if (row.status === "failed" && part === "outputs") return <StatusBadge status="failed" bare />;
  if (!differing(line, part)[index]?.has(nameOf(column))) return column.cell(row);
  return (
    <span className={classes.changed}>
      {column.cell(row)}
      <VisuallyHidden> (differs)</VisuallyHidden>
    </span>
  );
}

/** A column without its order: rows side by side stand in that of the data. */
function unsorted({ id, header, align }: PagedColumn<RunLine>) {
  return { id, header, ...(align ? { align } : {}) };
}

function nameOf({ id }: PagedColumn<RunLine>): string {
  return id.replace(/^(inputs|outputs)\./, "");
}

/** A column for each side. */
function bySide(column: PagedColumn<RunLine>, part: Part, sides: readonly ComparedSide[]): PagedColumn<ComparedLine>[] {
  return sides.map((side, index) => ({
    ...unsorted(column),
    id: `${column.id}@${side.label}`,
    header: (
      <span title={side.label}>
        {column.header} <b className={classes.side}>{side.label}</b>
      </span>
    ),
    cell: (line) => sideCell(column, part, index, line),
  }));
}

/** A column for all sides: what the first one that has the row was given. */
function once(column: PagedColumn<RunLine>): PagedColumn<ComparedLine> {
  return {
    ...unsorted(column),
    cell: ({ sides }) => {
      const row = sides.find((side) => side !== null);
      return row ? column.cell(row) : UNKNOWN;
    },
  };
}

/** The columns of rows side by side: what all were given once, and each output, and input that differs, as every side has it. */
function comparedColumns(lines: readonly ComparedLine[], sides: readonly ComparedSide[]): PagedColumn<ComparedLine>[] {
  const rows = lines.flatMap((line) => line.sides.filter((row) => row !== null));
  const unlike = new Set(lines.flatMap((line) => [...unlikeInputs(line)]));
  const inputs = namesOf(rows.map((row) => row.inputs)).map((name) => valueColumn("inputs", name, rows));
  return [
    { id: "line", header: "Row", cell: (line) => formatNumber(line.line), align: "right", width: 64 },
    ...inputs.flatMap((column) => (unlike.has(nameOf(column)) ? bySide(column, "inputs", sides) : [once(column)])),
    ...outputColumns(rows).flatMap((column) => bySide(column, "outputs", sides)),
  ];
}

function LinePanel({ line, sides, onClose }: { readonly line: ComparedLine; readonly sides: readonly ComparedSide[]; readonly onClose: () => void }) {
  const differs = differing(line);
  const unlike = unlikeInputs(line);
  const base = line.sides.find((row) => row !== null) ?? null;
  const alike = Object.entries(line.inputs).filter(([name]) => !unlike.has(name));
  return (
    <aside className={rowsTab.panel} aria-label={`Row ${line.line}`}>
      <div className={classes.panel}>
        <Group justify="space-between">
          <h2 className={classes.heading}>Row {formatNumber(line.line)}</h2>
          <CloseButton aria-label="Close row" onClick={onClose} />
        </Group>
        {alike.length > 0 && (
          <section aria-label="Inputs">
            {alike.map(([name, value]) => (
              <Value key={name} name={name} value={value} base={value} differs={false} />
            ))}
          </section>
        )}
        <div className={classes.parts} tabIndex={0} role="group" aria-label="Sides">
          {line.sides.map((row, index) => (
            <section key={sides[index]?.label ?? index} className={classes.part} aria-label={sides[index]?.label}>
              <h3 className={classes.heading}>{sides[index]?.label}</h3>
              <Cell row={row} base={base} differs={differs[index] ?? new Set()} unlike={unlike} side={sides[index]} />
            </section>
          ))}
        </div>
      </div>
    </aside>
  );
}

interface ComparedRowsProps {
  readonly names: readonly string[];
  readonly sides: readonly ComparedSide[];
}

const nothing = (): void => undefined;

/** Rows side by side, as many as there are; one that is opened shows what differs from the first side, word by word. */
export function ComparedRows({ names, sides }: ComparedRowsProps) {
  const [show, setShow] = useUrlState("rows");
  const [openId, open] = useUrlState("row");
  const changed = show === "changed";
  const found = useComparedLines(names, changed, 0);
  const columns = useMemo(() => comparedColumns(found.first, sides), [found.first, sides]);
  const total = found.total ?? 0;
  useWatched(openId === "" ? undefined : found.watch);
  const opened = openId === "" ? undefined : found.neighbor(openId, 0);
  return (
    <div className={rowsTab.frame}>
      <Group gap="md">
        <Switch
          label="Only rows that differ"
          checked={changed}
          onChange={(event) => {
            setShow(event.currentTarget.checked ? "changed" : null);
          }}
        />
        <Text size="xs" c="dimmed" ml="auto" className="fy-num" aria-live="polite">
          {found.total !== undefined && `${formatNumber(total)} ${total === 1 ? "row" : "rows"}`}
        </Text>
      </Group>
      {found.error && <ErrorPanel error={found.error} onRetry={() => void found.retry()} />}
      {found.pending && <TableSkeleton columns={6} />}
      {found.total !== undefined && (
        <div className={opened ? `${rowsTab.area} ${classes.withPanel}` : rowsTab.area}>
          <div className={`${rowsTab.table} ${rowsTab.narrow}`}>
            <PagedTable
              label="Rows side by side"
              columns={columns}
              count={found.area.count}
              rowAt={found.rowAt}
              watch={found.watch}
              rowId={comparedIdOf}
              onRange={found.onRange}
              sort="line"
              onSort={nothing}
              openId={openId}
              onOpen={(line) => {
                open(comparedIdOf(line) === openId ? null : comparedIdOf(line));
              }}
              nothing={changed ? "No row differs." : "There are no rows."}
            />
          </div>
          {opened && (
            <LinePanel
              line={opened}
              sides={sides}
              onClose={() => {
                open(null);
              }}
            />
          )}
        </div>
      )}
    </div>
  );
}
