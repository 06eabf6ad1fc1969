import { Text, VisuallyHidden } from "@mantine/core";
import { readProblem } from "@/api/problem";
import { formatNumber } from "@/lib/format";
import { useWorkspace } from "@/lib/workspace";
import { TextLink } from "@/ui/links";
import { StatusBadge } from "@/ui/StatusBadge";
import { rowIdOf } from "../hooks/useLines";
import { differing } from "../logic/comparison";
import { freshWords } from "../logic/words";
import type { ComparedLine, ComparedSide, RunLine } from "../model";
import classes from "./Compare.module.css";

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
  const pieces = differs ? freshWords(textOf(base), textOf(value)) : [{ text: textOf(value), fresh: false }];
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
  readonly differs: ReadonlySet<string>;
  readonly side: ComparedSide | undefined;
}

function Cell({ row, base, differs, side }: CellProps) {
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

function Line({ line, sides }: { readonly line: ComparedLine; readonly sides: readonly ComparedSide[] }) {
  const differs = differing(line);
  const base = line.sides.find((row) => row !== null) ?? null;
  return (
    <tr>
      <td className={classes.line}>{formatNumber(line.line)}</td>
      <td>
        {Object.entries(line.inputs).map(([name, value]) => (
          <Value key={name} name={name} value={value} base={value} differs={false} />
        ))}
      </td>
      {line.sides.map((row, index) => (
        <td key={sides[index]?.label ?? index}>
          <Cell row={row} base={base} differs={differs[index] ?? new Set()} side={sides[index]} />
        </td>
      ))}
    </tr>
  );
}

/** Rows side by side; what differs from the first side is marked, word by word. */
export function ComparedRows({ lines, sides }: { readonly lines: readonly ComparedLine[]; readonly sides: readonly ComparedSide[] }) {
  return (
    <div className={classes.rows} tabIndex={0} role="region" aria-label="Rows side by side">
      <table className={classes.table}>
        <thead>
          <tr>
            <th scope="col" className={classes.line}>
              Row
            </th>
            <th scope="col" className={classes.inputs}>
              Inputs
            </th>
            {sides.map((side) => (
              <th key={side.label} scope="col" style={{ width: `${68 / sides.length}%` }}>
                {side.label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {lines.map((line) => (
            <Line key={line.line} line={line} sides={sides} />
          ))}
        </tbody>
      </table>
    </div>
  );
}
