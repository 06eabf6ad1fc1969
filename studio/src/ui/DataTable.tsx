import { Checkbox, VisuallyHidden } from "@mantine/core";
import { useLocalStorage } from "@mantine/hooks";
import { useRouter } from "@tanstack/react-router";
import {
  type Cell,
  type ColumnDef,
  columnVisibilityFeature,
  createSortedRowModel,
  type Header,
  type Row,
  type RowData,
  rowSortingFeature,
  sortFn_alphanumeric,
  sortFn_basic,
  type SortingState,
  tableFeatures,
  useTable,
} from "@tanstack/react-table";
import { useVirtualizer } from "@tanstack/react-virtual";
import { IconArrowDown, IconArrowUp } from "@tabler/icons-react";
import { type MouseEvent, type ReactNode, type RefObject, useEffect, useMemo, useRef } from "react";
import { useUrlState } from "@/lib/url";
import classes from "./DataTable.module.css";
import { TextLink, type Target } from "./links";
import { type Density, TableBar } from "./TableBar";

/** A column of a DataTable. Keep the array at module scope or in a memo. */
export interface Column<T> {
  id: string;
  header: string;
  /** What the column sorts by, and shows unless `cell` says otherwise. */
  value: (row: T) => string | number | null | undefined;
  cell?: (row: T) => ReactNode;
  /** Numbers stand right. */
  align?: "left" | "right";
  width?: number | string;
  sortable?: boolean;
}

/** Which rows are chosen, by row id, and what a row is called for screen readers. */
export interface Selection<T> {
  ids: ReadonlySet<string>;
  set: (ids: ReadonlySet<string>) => void;
  label: (row: T) => string;
}

interface DataTableProps<T> {
  /** A name for the table: sorting is kept in the address under it, density and columns in the browser. */
  name: string;
  columns: Column<T>[];
  rows: readonly T[];
  rowId: (row: T) => string;
  /** Where a row leads; the first column becomes the link. */
  rowLink?: (row: T) => Target;
  /** As in the address: `started` ascending, `-started` descending. */
  defaultSort?: string;
  /** Text search over these texts of a row; kept in the address as `q`. */
  searchIn?: (row: T) => string;
  searchPlaceholder?: string;
  /** Filters beside the search box. */
  filters?: ReactNode;
  /** Without search, filters and settings: a short table inside a page. */
  plain?: boolean;
  /** What to say when the filters leave nothing. */
  nothing?: string;
  /** Below the last row: "load more". */
  footer?: ReactNode;
  /** Rows can be chosen, by a box before each. */
  selection?: Selection<T>;
  /** Told when the rows leave their top, and when they are back at it. */
  onScrolled?: (scrolled: boolean) => void;
}

const features = tableFeatures({
  rowSortingFeature,
  columnVisibilityFeature,
  sortedRowModel: createSortedRowModel(),
  sortFns: { alphanumeric: sortFn_alphanumeric, basic: sortFn_basic },
});
type Features = typeof features;

const ROW_HEIGHT: Record<Density, number> = { compact: 31, comfortable: 41 };
const VIRTUAL_FROM = 120;

function toDefinition<T extends RowData>(column: Column<T>): ColumnDef<Features, T> {
  return {
    id: column.id,
    header: column.header,
    accessorFn: (row: T) => column.value(row) ?? undefined,
    enableSorting: column.sortable ?? true,
    sortUndefined: "last",
    sortFn: column.align === "right" ? "basic" : "alphanumeric",
  };
}

function sortingOf(text: string): SortingState {
  if (!text) return [];
  return [text.startsWith("-") ? { id: text.slice(1), desc: true } : { id: text, desc: false }];
}

/** Rows as a table: sticky header, sorting and search in the address, density, a column chooser; long lists are virtual. */
export function DataTable<T extends RowData>(props: DataTableProps<T>) {
  const { name, columns, rows, rowId, rowLink, defaultSort = "", searchIn, plain = false } = props;
  const [sort, setSort] = useUrlState(plain ? `${name}-sort` : "sort", defaultSort);
  const [query, setQuery] = useUrlState("q");
  const [density, setDensity] = useLocalStorage<Density>({ key: "flowyard-density", defaultValue: "comfortable", getInitialValueInEffect: false });
  const [hidden, setHidden] = useLocalStorage<string[]>({ key: `flowyard-hidden-${name}`, defaultValue: [], getInitialValueInEffect: false });

  const definitions = useMemo(() => columns.map(toDefinition), [columns]);
  const data = useMemo(() => {
    const wanted = query.trim().toLowerCase();
    return wanted && searchIn && !plain ? rows.filter((row) => searchIn(row).toLowerCase().includes(wanted)) : [...rows];
  }, [rows, query, searchIn, plain]);
  const state = useMemo(() => ({ sorting: sortingOf(sort), columnVisibility: Object.fromEntries(hidden.map((id) => [id, false])) }), [sort, hidden]);

  const table = useTable({ features, columns: definitions, data, getRowId: rowId, state, enableSortingRemoval: false });
  const shown = table.getRowModel().rows;
  const toggle = (id: string) => {
    const [before] = sortingOf(sort);
    setSort(before?.id === id && !before.desc ? `-${id}` : id);
  };
  const byId = useMemo(() => new Map(columns.map((column) => [column.id, column])), [columns]);

  return (
    <>
      {!plain && (
        <TableBar
          search={searchIn ? { value: query, set: setQuery, placeholder: props.searchPlaceholder ?? "Search" } : undefined}
          filters={props.filters}
          count={shown.length}
          total={rows.length}
          density={density}
          setDensity={setDensity}
          columns={columns.slice(1)}
          hidden={hidden}
          setHidden={setHidden}
        />
      )}
      <Body
        headers={table.getHeaderGroups()[0]?.headers ?? []}
        rows={shown}
        columns={byId}
        sorting={state.sorting}
        toggle={toggle}
        height={ROW_HEIGHT[plain ? "comfortable" : density]}
        nothing={props.nothing ?? "Nothing fits the search and filters."}
        {...(rowLink ? { rowLink } : {})}
        {...(props.selection ? { selection: props.selection } : {})}
        {...(props.onScrolled ? { onScrolled: props.onScrolled } : {})}
        footer={props.footer}
      />
    </>
  );
}

interface BodyProps<T extends RowData> {
  headers: Header<Features, T>[];
  rows: Row<Features, T>[];
  columns: Map<string, Column<T>>;
  sorting: SortingState;
  toggle: (id: string) => void;
  height: number;
  nothing: string;
  rowLink?: (row: T) => Target;
  footer: ReactNode;
  selection?: Selection<T>;
  onScrolled?: (scrolled: boolean) => void;
}

/** The rows that are to be there of a long table, and how high what is left out is. */
function useVirtualRows<T extends RowData>(rows: Row<Features, T>[], height: number, frame: RefObject<HTMLDivElement | null>) {
  const virtual = rows.length > VIRTUAL_FROM;
  const virtualizer = useVirtualizer({
    count: rows.length,
    enabled: virtual,
    getScrollElement: () => frame.current,
    estimateSize: () => height,
    getItemKey: (index) => rows[index]?.id ?? index,
    overscan: 12,
  });
  if (!virtual) return { visible: rows, above: 0, below: 0, measured: () => ({}) };
  const items = virtualizer.getVirtualItems();
  return {
    visible: items.flatMap(({ index }) => rows[index] ?? []),
    above: items[0]?.start ?? 0,
    below: virtualizer.getTotalSize() - (items.at(-1)?.end ?? 0),
    /** Rows may be higher than most: what is seen of them is measured. */
    measured: (place: number): Measured => ({ index: items[place]?.index ?? 0, measure: virtualizer.measureElement }),
  };
}

function Body<T extends RowData>({ headers, rows, columns, sorting, toggle, height, nothing, rowLink, footer, selection, onScrolled }: BodyProps<T>) {
  const frame = useRef<HTMLDivElement>(null);
  // A table that goes away takes its place in the list with it.
  useEffect(() => () => onScrolled?.(false), [onScrolled]);
  const { visible, above, below, measured } = useVirtualRows(rows, height, frame);
  const span = headers.length + (selection ? 1 : 0);
  return (
    <div
      ref={frame}
      className={classes.frame}
      style={{ "--cell-pad": `${(height - 21) / 2}px` } as Record<string, string>}
      onScroll={onScrolled && ((event) => onScrolled(event.currentTarget.scrollTop > 0))}
    >
      <table className={classes.table} aria-rowcount={rows.length + 1}>
        <thead>
          <tr>
            {selection && <SelectAll rows={rows} selection={selection} />}
            {headers.map((header) => (
              <Heading key={header.id} column={columns.get(header.id)} sorting={sorting[0]} toggle={toggle} />
            ))}
          </tr>
        </thead>
        <tbody>
          {above > 0 && <Spacer height={above} span={span} />}
          {visible.map((row, place) => (
            <TableRow key={row.id} row={row} columns={columns} {...measured(place)} {...(rowLink ? { rowLink } : {})} {...(selection ? { selection } : {})} />
          ))}
          {below > 0 && <Spacer height={below} span={span} />}
        </tbody>
      </table>
      {rows.length === 0 && <div className={classes.none}>{nothing}</div>}
      {footer}
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

function toggled(ids: ReadonlySet<string>, changed: readonly string[], on: boolean): ReadonlySet<string> {
  const after = new Set(ids);
  for (const id of changed) {
    if (on) after.add(id);
    else after.delete(id);
  }
  return after;
}

function SelectAll<T extends RowData>({ rows, selection }: { rows: Row<Features, T>[]; selection: Selection<T> }) {
  const ids = rows.map((row) => row.id);
  const chosen = ids.filter((id) => selection.ids.has(id)).length;
  return (
    <th scope="col" className={classes.select}>
      <Checkbox
        size="xs"
        aria-label="Select all rows"
        checked={chosen > 0 && chosen === ids.length}
        indeterminate={chosen > 0 && chosen < ids.length}
        onChange={(event) => {
          selection.set(toggled(selection.ids, ids, event.currentTarget.checked));
        }}
      />
    </th>
  );
}

interface HeadingProps<T> {
  column: Column<T> | undefined;
  sorting: SortingState[number] | undefined;
  toggle: (id: string) => void;
}

function Heading<T>({ column, sorting, toggle }: HeadingProps<T>) {
  if (!column) return null;
  const sorted = sorting?.id === column.id;
  const Arrow = sorting?.desc ? IconArrowDown : IconArrowUp;
  return (
    <th
      scope="col"
      className={column.align === "right" ? classes.right : undefined}
      style={column.width === undefined ? undefined : { width: column.width }}
      aria-sort={sorted ? (sorting.desc ? "descending" : "ascending") : undefined}
    >
      {column.sortable === false ? (
        column.header || <VisuallyHidden>Actions</VisuallyHidden>
      ) : (
        <button
          type="button"
          className={sorted ? `${classes.sort} ${classes.sorted}` : classes.sort}
          onClick={() => {
            toggle(column.id);
          }}
        >
          {column.header}
          {sorted && <Arrow size={12} aria-hidden />}
        </button>
      )}
    </th>
  );
}

/** Of a virtual table: which row it is, and what measures it. */
interface Measured {
  index?: number;
  measure?: (element: HTMLTableRowElement | null) => void;
}

interface TableRowProps<T extends RowData> extends Measured {
  row: Row<Features, T>;
  columns: Map<string, Column<T>>;
  rowLink?: (row: T) => Target;
  selection?: Selection<T>;
}

function TableRow<T extends RowData>({ row, columns, rowLink, selection, index, measure }: TableRowProps<T>) {
  const router = useRouter();
  const target = rowLink?.(row.original);
  const open = (event: MouseEvent<HTMLTableRowElement>) => {
    if (!target || event.defaultPrevented || window.getSelection()?.type === "Range") return;
    if ((event.target as HTMLElement).closest("a, button, input, label, [role='menu']")) return;
    const location = target as { to: "/" };
    if (event.metaKey || event.ctrlKey || event.button === 1) window.open(router.buildLocation(location).href, "_blank", "noopener");
    else if (event.button === 0) void router.navigate(location);
  };
  return (
    <tr ref={measure} data-index={index} className={target ? classes.link : undefined} onClick={open} onAuxClick={open} aria-selected={selection ? selection.ids.has(row.id) : undefined}>
      {selection && (
        <td className={classes.select}>
          <Checkbox
            size="xs"
            aria-label={`Select ${selection.label(row.original)}`}
            checked={selection.ids.has(row.id)}
            onChange={(event) => {
              selection.set(toggled(selection.ids, [row.id], event.currentTarget.checked));
            }}
          />
        </td>
      )}
      {row.getVisibleCells().map((cell, index) => (
        <TableCell key={cell.id} cell={cell} column={columns.get(cell.column.id)} target={index === 0 ? target : undefined} />
      ))}
    </tr>
  );
}

interface TableCellProps<T extends RowData> {
  cell: Cell<Features, T>;
  column: Column<T> | undefined;
  target: Target | undefined;
}

function TableCell<T extends RowData>({ cell, column, target }: TableCellProps<T>) {
  if (!column) return <td />;
  const value = column.value(cell.row.original);
  const content = column.cell ? column.cell(cell.row.original) : (value ?? "–");
  const names = [column.align === "right" ? classes.right : "", target ? classes.main : ""].join(" ").trim();
  return (
    <td className={names || undefined} title={typeof value === "string" && !column.cell ? value : undefined}>
      {target ? (
        <TextLink {...(target as { to: "/" })} inherit underline="hover">
          {content}
        </TextLink>
      ) : (
        content
      )}
    </td>
  );
}
