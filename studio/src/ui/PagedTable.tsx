import { IconArrowDown, IconArrowUp } from "@tabler/icons-react";
import { memo, type MouseEvent, type ReactNode, type RefObject, useEffect, useLayoutEffect, useRef, useState } from "react";
import { flushSync } from "react-dom";
import classes from "./DataTable.module.css";
import { useWatched, type Watch } from "./useWatched";

/** A column of a PagedTable. Sorting is the server's: `sort` is what it is asked for by. */
export interface PagedColumn<T> {
  id: string;
  header: ReactNode;
  cell: (row: T) => ReactNode;
  align?: "left" | "right";
  width?: number | string;
  sort?: string;
}

interface PagedTableProps<T> {
  /** What the table shows, for screen readers. */
  label: string;
  columns: readonly PagedColumn<T>[];
  /** How many rows there are, and how many of a longer list stand before the first of them. */
  count: number;
  before?: number;
  /** The row at an index; undefined while it is on its way. */
  rowAt: (index: number) => T | undefined;
  /** Tells when `rowAt` gives other rows than it did; not needed where it is another function then. Keep it from one drawing to the next. */
  watch?: Watch;
  rowId: (row: T) => string;
  /** Says which rows are in sight, so that they can be fetched. */
  onRange: (first: number, last: number) => void;
  /** As the server sorts: `line` ascending, `-line` descending. */
  sort: string;
  onSort: (sort: string) => void;
  /** The row that is open beside the table, by its id. */
  openId?: string | null;
  onOpen: (row: T) => void;
  nothing: string;
}

const ROW_HEIGHT = 33;
/** So many rows are drawn beyond those in sight, on each side. */
const OVERSCAN = 12;
/** Rows come and go by so many. */
const STEP = 6;
/** Until the frame's height is known. */
const FIRST_IN_SIGHT = 24;
/** Shorter tables are drawn whole. */
const VIRTUAL_FROM = 120;

interface HeadProps<T> {
  column: PagedColumn<T>;
  sort: string;
  onSort: (sort: string) => void;
}

function Head<T>({ column, sort, onSort }: HeadProps<T>) {
  const descending = sort === `-${column.sort ?? ""}`;
  const sorted = column.sort !== undefined && (descending || sort === column.sort);
  const Arrow = descending ? IconArrowDown : IconArrowUp;
  const by = column.sort;
  return (
    <th
      scope="col"
      className={column.align === "right" ? classes.right : undefined}
      style={column.width === undefined ? undefined : { width: column.width }}
      aria-sort={sorted ? (descending ? "descending" : "ascending") : undefined}
    >
      {by === undefined ? (
        column.header
      ) : (
        <button
          type="button"
          className={sorted ? `${classes.sort} ${classes.sorted}` : classes.sort}
          onClick={() => {
            onSort(sorted && !descending ? `-${by}` : by);
          }}
        >
          {column.header}
          {sorted && <Arrow size={12} aria-hidden />}
        </button>
      )}
    </th>
  );
}

interface RowProps<T> {
  row: T | undefined;
  index: number;
  columns: readonly PagedColumn<T>[];
  open: boolean;
}

function PlainRow<T>({ row, index, columns, open }: RowProps<T>) {
  if (row === undefined) {
    return (
      <tr aria-rowindex={index + 2} aria-busy className={classes.row}>
        {columns.map((column) => (
          <td key={column.id}>
            <div className={classes.coming} style={{ width: column.align === "right" ? 40 : "60%" }} />
          </td>
        ))}
      </tr>
    );
  }
  const [first, ...others] = columns;
  return (
    <tr aria-rowindex={index + 2} className={open ? `${classes.row} ${classes.link} ${classes.open}` : `${classes.row} ${classes.link}`}>
      {first && (
        <td className={first.align === "right" ? classes.right : undefined}>
          <button type="button" className={classes.opener} aria-pressed={open} data-opens>
            {first.cell(row)}
          </button>
        </td>
      )}
      {others.map((column) => (
        <td key={column.id} className={column.align === "right" ? classes.right : undefined}>
          {column.cell(row)}
        </td>
      ))}
    </tr>
  );
}

/** The number of the row that a click opens, as it is told to screen readers; null for one that does something else. */
function opened(event: MouseEvent): number | null {
  const target = event.target as HTMLElement;
  const control = target.closest("a, button");
  if (control ? !control.matches("[data-opens]") : window.getSelection()?.type === "Range") return null;
  return Number(target.closest("tr")?.getAttribute("aria-rowindex") ?? 0);
}

/** Drawn anew only when what it shows is another: while one scrolls, most rows stay. */
const Row = memo(PlainRow) as typeof PlainRow;

/**
 * The first and last row to draw of rows that are all equally high: those in sight and some beyond. Scrolling within a step changes
 * nothing, and nothing of the layout is read but how far it is scrolled.
 */
function useWindow(frame: RefObject<HTMLDivElement | null>, count: number): { readonly first: number; readonly last: number } {
  const [step, setStep] = useState(0);
  const [inSight, setInSight] = useState(FIRST_IN_SIGHT);
  const virtual = count > VIRTUAL_FROM;
  useLayoutEffect(() => {
    const element = frame.current;
    if (!virtual || !element) return;
    const scrolled = (): void => {
      const next = Math.floor(element.scrollTop / (ROW_HEIGHT * STEP));
      // At once: rows that are drawn a frame later are a white gap for those who scroll far.
      flushSync(() => {
        setStep(next);
      });
    };
    const sizes = new ResizeObserver(([entry]) => {
      if (entry) setInSight(Math.ceil(entry.contentRect.height / ROW_HEIGHT));
    });
    sizes.observe(element);
    element.addEventListener("scroll", scrolled, { passive: true });
    return () => {
      sizes.disconnect();
      element.removeEventListener("scroll", scrolled);
    };
  }, [frame, virtual]);
  if (!virtual) return { first: 0, last: count - 1 };
  const first = Math.min(step * STEP, count - 1);
  return { first: Math.max(0, first - OVERSCAN), last: Math.min(count - 1, first + STEP + inSight + OVERSCAN) };
}

/** A table of any length whose rows come from the server page by page: only what is in sight is fetched and drawn. */
export function PagedTable<T>({ label, columns, count, before = 0, rowAt, watch, rowId, onRange, sort, onSort, openId, onOpen, nothing }: PagedTableProps<T>) {
  const frame = useRef<HTMLDivElement>(null);
  const { first, last } = useWindow(frame, count);
  useWatched(watch);
  const click = (event: MouseEvent): void => {
    const number = opened(event);
    const row = number === null ? undefined : rowAt(number - 2 - before);
    if (row !== undefined) onOpen(row);
  };
  const indexes = Array.from({ length: last - first + 1 }, (_, offset) => first + offset);
  useEffect(() => {
    onRange(first, last);
  }, [onRange, first, last]);
  const above = first * ROW_HEIGHT;
  const below = (count - 1 - last) * ROW_HEIGHT;
  return (
    <div ref={frame} className={classes.frame} style={{ "--cell-pad": "6px", "--row-height": `${ROW_HEIGHT}px` } as Record<string, string>} tabIndex={0} role="region" aria-label={label}>
      <table className={classes.table} aria-rowcount={before + count + 1} aria-label={label}>
        <thead>
          <tr>
            {columns.map((column) => (
              <Head key={column.id} column={column} sort={sort} onSort={onSort} />
            ))}
          </tr>
        </thead>
        <tbody onClick={click}>
          {above > 0 && <Spacer height={above} span={columns.length} />}
          {indexes.map((index) => {
            const row = rowAt(index);
            const id = row === undefined ? null : rowId(row);
            return <Row key={index} row={row} index={before + index} columns={columns} open={id !== null && id === openId} />;
          })}
          {below > 0 && <Spacer height={below} span={columns.length} />}
        </tbody>
      </table>
      {count === 0 && <div className={classes.none}>{nothing}</div>}
    </div>
  );
}

function Spacer({ height, span }: { height: number; span: number }) {
  return (
    <tr className={classes.spacer} aria-hidden>
      <td colSpan={span} style={{ height }} />
    </tr>
  );
}
