import { Text, type TextProps, Tooltip } from "@mantine/core";
import type { Money } from "@/api/types";
import { formatBytes, formatDuration, formatExact, formatMoney, formatNumber, formatRelative, UNKNOWN } from "@/lib/format";
import { useNow } from "@/lib/now";

type Figure<T> = { value: T | null | undefined } & Omit<TextProps, "children">;

function Plain({ text, ...props }: { text: string } & TextProps) {
  // Most figures stand in tables of many rows, as they are.
  if (Object.keys(props).length === 0) return <span className="fy-num">{text}</span>;
  return (
    <Text span inherit className="fy-num" {...props}>
      {text}
    </Text>
  );
}

/** A whole number, or one with `digits`, with thousands separated. */
export function Num({ value, digits = 0, unit, ...props }: Figure<number> & { digits?: number; unit?: string }) {
  const text = value === null || value === undefined ? UNKNOWN : formatNumber(value, digits);
  return <Plain text={unit && text !== UNKNOWN ? `${text} ${unit}` : text} {...props} />;
}

/** Bytes in decimal units. */
export function Bytes({ value, ...props }: Figure<number>) {
  return <Plain text={value === null || value === undefined ? UNKNOWN : formatBytes(value)} {...props} />;
}

/** A duration given in milliseconds. */
export function Duration({ value, ...props }: Figure<number>) {
  return <Plain text={value === null || value === undefined ? UNKNOWN : formatDuration(value)} {...props} />;
}

/** Money in the currency of its price; unknown and free are told apart. */
export function Cost({ value, ...props }: Figure<Money>) {
  if (!value) {
    return (
      <Tooltip label="The price of this model is not known">
        <Plain text={UNKNOWN} {...props} />
      </Tooltip>
    );
  }
  return <Plain text={formatMoney(value.micros, value.currency ?? "USD")} {...props} />;
}

/** How long ago a time is; the exact one on hover. */
export function RelativeTime({ value, fallback = UNKNOWN, ...props }: Figure<string> & { fallback?: string }) {
  const now = useNow();
  if (!value) return <Plain text={fallback} {...props} />;
  return (
    <Tooltip label={formatExact(value)}>
      <Text span inherit className="fy-num" style={{ whiteSpace: "nowrap" }} {...props}>
        <time dateTime={value}>{formatRelative(value, now)}</time>
      </Text>
    </Tooltip>
  );
}
