import { Badge, Group } from "@mantine/core";
import type { IndexChunk, IndexHit } from "@/api/types";
import { formatNumber } from "@/lib/format";
import { useWorkspace } from "@/lib/workspace";
import { TextLink } from "@/ui/links";
import { markWords } from "../logic/marks";
import { scoresOf, whyHere } from "../logic/ranks";
import classes from "./Indexes.module.css";

interface MarkedTextProps {
  readonly text: string;
  readonly words: ReadonlySet<string>;
  /** All of it at once, however long it is. */
  readonly whole?: boolean;
}

/** A text with the question's words marked. */
export function MarkedText({ text, words, whole = false }: MarkedTextProps) {
  return (
    <pre className={whole ? `${classes.text} ${classes.whole}` : classes.text} tabIndex={0} aria-label="The chunk's text">
      {markWords(text, words).map((piece, at) => (piece.hit ? <mark key={at}>{piece.text}</mark> : piece.text))}
    </pre>
  );
}

function pagesOf({ page, pages = [] }: IndexChunk): string {
  const [first, last] = [pages.at(0), pages.at(-1)];
  if (first !== undefined && last !== undefined && first !== last) return `pages ${formatNumber(first.number)} to ${formatNumber(last.number)}`;
  return `page ${formatNumber(page ?? 0)}`;
}

/** Where a chunk stands in its document. */
export function ChunkPlace({ chunk }: { readonly chunk: IndexChunk }) {
  return (
    <div className={classes.place}>
      {chunk.headings.length > 0 && <span>{chunk.headings.join(" › ")}</span>}
      {chunk.page !== null && <span>{pagesOf(chunk)}</span>}
      {chunk.kind !== "text" && <span>{chunk.kind}</span>}
      <span className="fy-num">{formatNumber(chunk.tokens)} tokens</span>
      {chunk.tags.length > 0 && <span>for {chunk.tags.join(", ")}</span>}
    </div>
  );
}

interface HitCardProps {
  readonly hit: IndexHit;
  readonly index: string;
  readonly place: number;
  readonly words: ReadonlySet<string>;
  readonly version: string;
}

/** A chunk that was found, and the scores that brought it here. */
export function HitCard({ hit, index, place, words, version }: HitCardProps) {
  const workspace = useWorkspace();
  const { chunk } = hit;
  return (
    <li className={classes.hit} aria-label={`${place}: ${chunk.document}`}>
      <div className={classes.main}>
        <Group gap="sm" wrap="nowrap" miw={0}>
          <Badge variant="default" className="fy-num">
            {place}
          </Badge>
          <TextLink
            to="/w/$workspace/indexes/$name"
            params={{ workspace, name: index }}
            search={{ tab: "documents", document: chunk.document, chunk: chunk.id, version } as never}
            fw={600}
            size="sm"
            className="fy-truncate"
            title={chunk.document}
          >
            {chunk.document}
          </TextLink>
        </Group>
        <ChunkPlace chunk={chunk} />
        <MarkedText text={chunk.text} words={words} />
      </div>
      <div className={classes.scores}>
        <table aria-label={`Scores of ${place}`}>
          <thead>
            <tr>
              <th scope="col">By</th>
              <th scope="col">Place</th>
              <th scope="col">Score</th>
            </tr>
          </thead>
          <tbody>
            {scoresOf(hit).map(({ name, what, rank, score }) => (
              <tr key={name}>
                <th scope="row" title={what}>
                  {name}
                </th>
                <td>{formatNumber(rank)}</td>
                <td>{formatNumber(score, name === "Fused" ? 4 : 3)}</td>
              </tr>
            ))}
          </tbody>
        </table>
        <p className={classes.why}>{whyHere(hit)}</p>
      </div>
    </li>
  );
}
