import { ActionIcon, Checkbox, CloseButton, Menu, Popover, Stack, TextInput, Tooltip } from "@mantine/core";
import { IconAdjustmentsHorizontal, IconBaselineDensityMedium, IconBaselineDensitySmall, IconSearch } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { formatNumber } from "@/lib/format";
import classes from "./DataTable.module.css";

export type Density = "compact" | "comfortable";

interface SearchBoxProps {
  value: string;
  set: (value: string | null) => void;
  placeholder: string;
}

/** A search box whose text lives in the address. */
export function SearchBox({ value, set, placeholder }: SearchBoxProps) {
  return (
    <TextInput
      w={280}
      type="search"
      aria-label={placeholder}
      placeholder={placeholder}
      leftSection={<IconSearch size={15} aria-hidden />}
      value={value}
      rightSection={
        value && (
          <CloseButton
            size="sm"
            aria-label="Clear search"
            onClick={() => {
              set(null);
            }}
          />
        )
      }
      onChange={(event) => {
        set(event.currentTarget.value);
      }}
    />
  );
}

interface TableBarProps {
  search: SearchBoxProps | undefined;
  filters: ReactNode;
  count: number;
  total: number;
  density: Density;
  setDensity: (density: Density) => void;
  columns: { id: string; header: string }[];
  hidden: string[];
  setHidden: (ids: string[]) => void;
}

/** Search, filters and settings of a table, in one bar. */
export function TableBar({ search, filters, count, total, density, setDensity, columns, hidden, setHidden }: TableBarProps) {
  const compact = density === "compact";
  return (
    <div className={classes.bar}>
      {search && <SearchBox {...search} />}
      {filters}
      <div className={classes.grow} />
      <span className={classes.count}>{count === total ? formatNumber(total) : `${formatNumber(count)} of ${formatNumber(total)}`}</span>
      <Tooltip label={compact ? "Comfortable rows" : "Compact rows"}>
        <ActionIcon
          aria-label={compact ? "Comfortable rows" : "Compact rows"}
          onClick={() => {
            setDensity(compact ? "comfortable" : "compact");
          }}
        >
          {compact ? <IconBaselineDensityMedium size={16} /> : <IconBaselineDensitySmall size={16} />}
        </ActionIcon>
      </Tooltip>
      <Popover position="bottom-end">
        <Popover.Target>
          <Tooltip label="Columns">
            <ActionIcon aria-label="Choose columns">
              <IconAdjustmentsHorizontal size={16} />
            </ActionIcon>
          </Tooltip>
        </Popover.Target>
        <Popover.Dropdown>
          <Checkbox.Group value={columns.map((column) => column.id).filter((id) => !hidden.includes(id))} onChange={(shown) => {
            setHidden(columns.map((column) => column.id).filter((id) => !shown.includes(id)));
          }}>
            <Stack gap={8}>
              {columns.map((column) => (
                <Checkbox key={column.id} size="xs" value={column.id} label={column.header} />
              ))}
            </Stack>
          </Checkbox.Group>
        </Popover.Dropdown>
      </Popover>
    </div>
  );
}

interface FilterMenuProps {
  label: string;
  value: string;
  options: { value: string; label: string }[];
  onChange: (value: string | null) => void;
}

/** A filter with few choices; the empty value means "all". */
export function FilterMenu({ label, value, options, onChange }: FilterMenuProps) {
  const chosen = options.find((option) => option.value === value);
  return (
    <Menu position="bottom-start">
      <Menu.Target>
        <button type="button" className={chosen ? `${classes.filter} ${classes.filterSet}` : classes.filter}>
          {label}
          {chosen && <b>{chosen.label}</b>}
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item fz="sm" onClick={() => { onChange(null); }}>
          All
        </Menu.Item>
        {options.map((option) => (
          <Menu.Item
            key={option.value}
            fz="sm"
            {...(option.value === value ? { bg: "var(--fy-selected)" } : {})}
            onClick={() => {
              onChange(option.value);
            }}
          >
            {option.label}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
