import { useEffect, useRef } from "react";
import type { IndexChunk } from "@/api/types";
import { formatNumber } from "@/lib/format";
import { stretchesOf } from "../logic/stretches";
import classes from "./DocumentText.module.css";

interface DocumentTextProps {
  readonly chunks: readonly IndexChunk[];
  /** The chunk that is looked at, by its id. */
  readonly chosen: string;
  /** Of a chunk over several pages, the one to look at; empty for its first. */
  readonly page?: string;
  readonly onChoose: (chunk: string) => void;
}

function nameOf(chunk: IndexChunk): string {
  return `Chunk ${formatNumber(chunk.ordinal + 1)}, ${formatNumber(chunk.tokens)} tokens`;
}

/** A document as it was read: its pages, and where its chunks begin, end and overlap. */
export function DocumentText({ chunks, chosen, page, onChoose }: DocumentTextProps) {
  const mark = useRef<HTMLSpanElement>(null);
  useEffect(() => {
    mark.current?.scrollIntoView({ block: "center" });
  }, [chosen, page, chunks]);
  const stretches = stretchesOf(chunks);
  const ofChosen = stretches.filter((stretch) => stretch.chunks.some(({ id }) => id === chosen));
  const firstChosen = ofChosen.find((stretch) => String(stretch.page) === page) ?? ofChosen.at(0);
  return (
    <div className={classes.text}>
      {stretches.map((stretch) => {
        const last = stretch.chunks.at(-1);
        if (last === undefined) return <br key={stretch.start} />;
        const isChosen = stretch.chunks.some(({ id }) => id === chosen);
        return (
          <span key={stretch.start}>
            {stretch.page !== null && <span className={classes.page}>Page {formatNumber(stretch.page)}</span>}
            <span
              role="button"
              tabIndex={0}
              {...(stretch === firstChosen ? { ref: mark } : {})}
              className={classes.stretch}
              data-odd={last.ordinal % 2 === 1}
              data-shared={stretch.chunks.length > 1}
              data-begins={last.start === stretch.start}
              aria-pressed={isChosen}
              title={stretch.chunks.map(nameOf).join(" and ")}
              onClick={() => {
                onChoose(last.id);
              }}
              onKeyDown={(event) => {
                if (event.key === "Enter") onChoose(last.id);
              }}
            >
              {stretch.text}
            </span>
          </span>
        );
      })}
    </div>
  );
}
