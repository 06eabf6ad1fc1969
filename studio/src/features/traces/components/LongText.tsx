import { Text, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { IconChevronDown, IconChevronUp, IconSearch } from "@tabler/icons-react";
import { useVirtualizer } from "@tanstack/react-virtual";
import { type KeyboardEvent, useEffect, useMemo, useRef, useState } from "react";
import { formatNumber } from "@/lib/format";
import { CopyButton } from "@/ui/CopyButton";
import { GuardedIcon } from "@/ui/GuardedButton";
import { lowerCase, MOST_FOUND, piecesOf, placesOf, rowOf, rowStarts, rowText } from "../logic/longText";
import classes from "./LargeValues.module.css";

const ROW_HEIGHT = 18;

function count(at: number, found: number): string {
  if (found === 0) return "none";
  return `${formatNumber(at + 1)} of ${formatNumber(found)}${found === MOST_FOUND ? " or more" : ""}`;
}

/** A text of any length to read, copy and look through. Only what is in sight is in the page. */
export function LongText({ text, label }: { readonly text: string; readonly label: string }) {
  const scroller = useRef<HTMLDivElement>(null);
  const [typed, type] = useState("");
  const [wanted] = useDebouncedValue(typed, 150);
  const [at, goTo] = useState(0);
  const starts = useMemo(() => rowStarts(text), [text]);
  const lowered = useMemo(() => lowerCase(text), [text]);
  const places = useMemo(() => placesOf(lowered, wanted), [lowered, wanted]);
  const virtual = useVirtualizer({
    count: starts.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_HEIGHT,
    overscan: 10,
    initialRect: { width: 800, height: 600 },
  });
  const place = places[at];
  useEffect(() => goTo(0), [wanted]);
  useEffect(() => {
    if (place !== undefined) virtual.scrollToIndex(rowOf(starts, place), { align: "center" });
  }, [place, starts, virtual]);

  const step = (by: number): void => {
    if (places.length > 0) goTo((at + by + places.length) % places.length);
  };
  const press = (event: KeyboardEvent): void => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    step(event.shiftKey ? -1 : 1);
  };
  return (
    <div>
      <div className={classes.bar}>
        <TextInput
          data-autofocus
          size="xs"
          w={260}
          aria-label="Search in the value"
          placeholder="Search"
          leftSection={<IconSearch size={14} />}
          value={typed}
          onChange={(event) => type(event.currentTarget.value)}
          onKeyDown={press}
        />
        <GuardedIcon hint="Shift + Enter" size="sm" label="Previous place" off={places.length === 0 ? "Nothing was found." : null} onClick={() => step(-1)}>
          <IconChevronUp size={16} />
        </GuardedIcon>
        <GuardedIcon hint="Enter" size="sm" label="Next place" off={places.length === 0 ? "Nothing was found." : null} onClick={() => step(1)}>
          <IconChevronDown size={16} />
        </GuardedIcon>
        {wanted !== "" && (
          <Text span size="xs" c="dimmed" className="fy-num" role="status">
            {count(at, places.length)}
          </Text>
        )}
        <span style={{ flex: 1 }} />
        <Text span size="xs" c="dimmed" className="fy-num">
          {formatNumber(text.length)} characters
        </Text>
        <CopyButton value={text} label={`Copy ${label}`} />
      </div>
      <div ref={scroller} className={classes.text} tabIndex={0} role="region" aria-label={label}>
        <div style={{ height: virtual.getTotalSize(), position: "relative" }}>
          {virtual.getVirtualItems().map((item) => (
            <div key={item.key} className={classes.row} style={{ top: item.start, height: ROW_HEIGHT }}>
              {piecesOf(rowText(text, starts, item.index), starts[item.index] ?? 0, places, wanted.length).map((piece, index) =>
                piece.found === null ? (
                  piece.text
                ) : (
                  <mark key={index} data-current={piece.found === at || undefined}>
                    {piece.text}
                  </mark>
                ),
              )}
            </div>
          ))}
        </div>
      </div>
    </div>
  );
}
