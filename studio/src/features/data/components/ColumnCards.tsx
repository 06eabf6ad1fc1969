import { Button, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { data, type DataSource } from "@/api/data";
import type { ColumnStatistics } from "@/api/types";
import { formatNumber } from "@/lib/format";
import { useWorkspace } from "@/lib/workspace";
import { Loaded } from "@/ui/Loaded";
import { CardsSkeleton } from "@/ui/Skeletons";
import { cellText, figure, share } from "../logic/values";
import { Findings } from "./Findings";
import classes from "./Look.module.css";

/** Over so many rows statistics are made at first; over all when they are asked for. */
const SAMPLE = 100_000;
const SHOWN_TOP = 5;
const SHOWN_SAMPLES = 3;

function Histogram({ column }: { readonly column: ColumnStatistics }) {
  const bins = column.histogram ?? [];
  const most = Math.max(1, ...bins.map((bin) => bin.count));
  const [first] = bins;
  const last = bins.at(-1);
  if (!first || !last) return null;
  const words = bins.map((bin) => `${figure(bin.low)} to ${figure(bin.high)}: ${formatNumber(bin.count)}`);
  return (
    <div>
      <div className={classes.bars} role="img" aria-label={`Histogram of ${column.name}. ${words.join("; ")}`}>
        {bins.map((bin, index) => (
          <div key={index} className={classes.bin} style={{ height: `${bin.count === 0 ? 0 : Math.max(3, (bin.count / most) * 100)}%` }} title={words[index]} />
        ))}
      </div>
      <div className={classes.ends}>
        <span>{figure(first.low)}</span>
        <span>{figure(last.high)}</span>
      </div>
    </div>
  );
}

function factsOf(column: ColumnStatistics): readonly (readonly [string, string])[] {
  const { count, missing, distinct, mean, std, quantiles, lengths, min, max } = column;
  const facts: [string, string][] = [["Values", formatNumber(count)], ["Missing", share(missing, count + missing)]];
  if (typeof distinct === "number") facts.push(["Distinct", `≈ ${formatNumber(distinct)}`]);
  if (typeof mean === "number") facts.push(["Mean", figure(mean)]);
  if (typeof std === "number") facts.push(["Std", figure(std)]);
  const median = quantiles?.["0.5"] ?? quantiles?.["0.50"];
  if (median !== undefined) facts.push(["Median", figure(median)]);
  if (column.kind === "number" && min !== null && min !== undefined) facts.push(["Min", figure(min)], ["Max", figure(max)]);
  if (lengths) facts.push(["Shortest", formatNumber(lengths.min)], ["Longest", formatNumber(lengths.max)], ["Mean length", figure(lengths.mean)]);
  return facts;
}

function Top({ column }: { readonly column: ColumnStatistics }) {
  const top = (column.top ?? []).slice(0, SHOWN_TOP);
  // Of a column whose values are all different, the frequent ones say nothing.
  if (top.length === 0 || (top[0]?.count ?? 0) <= 1 || column.kind === "number") return null;
  return (
    <div role="list" aria-label={`Frequent values of ${column.name}`}>
      {top.map((entry, index) => (
        <div key={index} role="listitem" className={classes.top} style={{ "--share": `${(entry.count / Math.max(1, column.count)) * 100}%` } as Record<string, string>}>
          <span className="fy-truncate" title={cellText(entry.value)}>
            {cellText(entry.value) === "" ? "(empty)" : cellText(entry.value)}
          </span>
          <span className="fy-num">{share(entry.count, column.count)}</span>
        </div>
      ))}
    </div>
  );
}

function Card({ column }: { readonly column: ColumnStatistics }) {
  const texts = column.kind === "text" && (column.top?.[0]?.count ?? 0) <= 1 ? (column.samples ?? []).slice(0, SHOWN_SAMPLES) : [];
  return (
    <section className={classes.card} aria-label={`Column ${column.name}`}>
      <div className={classes.cardHead}>
        <h3 className="fy-truncate" title={column.name}>
          {column.name}
        </h3>
        <span className={classes.headType}>{column.type}</span>
      </div>
      <Histogram column={column} />
      <dl className={classes.facts}>
        {factsOf(column).map(([label, value]) => [<dt key={label}>{label}</dt>, <dd key={`${label} value`}>{value}</dd>])}
      </dl>
      <Top column={column} />
      {texts.length > 0 && (
        <ul className={classes.samples} aria-label={`Samples of ${column.name}`}>
          {texts.map((text, index) => (
            <li key={index} title={cellText(text)}>
              {cellText(text)}
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

/** A card for each column: what its values are like, over a sample at first, over all rows when asked for. */
export function ColumnCards({ source, columnOffset }: { readonly source: DataSource; readonly columnOffset: number }) {
  const workspace = useWorkspace();
  const [sample, setSample] = useState(SAMPLE);
  const query = useQuery(data.statistics(workspace, source, sample, columnOffset));
  return (
    <Loaded query={query} skeleton={<CardsSkeleton />}>
      {(found) => (
        <>
          <div className={classes.bar}>
            <span>
              {found.whole ? `Over all ${formatNumber(found.rows)} rows` : `Over the first ${formatNumber(found.rows)} rows`}, {formatNumber(found.columns_total)} {found.columns_total === 1 ? "column" : "columns"}
            </span>
            {!found.whole && sample !== 0 && (
              <Button size="compact-xs" variant="default" loading={query.isFetching} onClick={() => setSample(0)}>
                Over all rows
              </Button>
            )}
          </div>
          <Findings findings={found.findings ?? []} />
          {found.columns.length === 0 ? (
            <Text size="sm" c="dimmed">
              There are no columns.
            </Text>
          ) : (
            <div className={classes.cards}>
              {found.columns.map((column) => (
                <Card key={column.name} column={column} />
              ))}
            </div>
          )}
        </>
      )}
    </Loaded>
  );
}
