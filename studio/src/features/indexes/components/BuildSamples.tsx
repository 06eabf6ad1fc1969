import { Badge, Stack, Text } from "@mantine/core";
import type { IndexBuildSamples } from "@/api/types";
import { formatBytes, formatNumber } from "@/lib/format";
import type { Built } from "../logic/built";
import { counted } from "../logic/built";
import classes from "./BuildGraph.module.css";

interface PartProps {
  readonly samples: IndexBuildSamples;
}

function Nothing({ children }: { readonly children: string }) {
  return (
    <Text size="sm" c="dimmed">
      {children}
    </Text>
  );
}

/** How many are shown of how many, in words. */
function Shown({ shown, all, noun }: { readonly shown: number; readonly all: number; readonly noun: string }) {
  return shown < all ? (
    <Text size="xs" c="dimmed">
      The first {formatNumber(shown)} of {counted(all, noun)}.
    </Text>
  ) : null;
}

function Files({ samples: { files = [], changed = 0, kept = 0, gone = 0, source } }: PartProps) {
  if (!source) return <Nothing>Documents are being found.</Nothing>;
  const told = changed === null || kept === null || gone === null ? "Those that are open to you" : `${counted(changed, "document")} new or changed, ${formatNumber(kept)} as they were, ${formatNumber(gone)} gone`;
  return (
    <Stack gap="xs">
      <Text size="sm">
        {told}, in {source}.
      </Text>
      {files.length > 0 && (
        <table className={classes.files}>
          <thead>
            <tr>
              <th>Document</th>
              <th className={classes.number}>Size</th>
            </tr>
          </thead>
          <tbody>
            {files.map(({ key, bytes }) => (
              <tr key={key}>
                <td>{key}</td>
                <td className={classes.number}>{formatBytes(bytes)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      <Shown shown={files.length} all={changed ?? files.length} noun="document" />
    </Stack>
  );
}

function Unread({ samples: { unread = [] } }: PartProps) {
  if (unread.length === 0) return null;
  return (
    <table className={classes.files} aria-label="What could not be read">
      <thead>
        <tr>
          <th>Could not be read</th>
          <th>Why</th>
        </tr>
      </thead>
      <tbody>
        {unread.map(({ key, message }) => (
          <tr key={key}>
            <td>{key}</td>
            <td>{message}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Pages({ samples }: PartProps) {
  const { pages = [] } = samples;
  return (
    <Stack gap="sm">
      <Unread samples={samples} />
      {pages.length === 0 && <Nothing>No document was read in this build.</Nothing>}
      {pages.map(({ document, page, media_type: mediaType, markdown, cut }) => (
        <article key={document} className={classes.sample}>
          <header>
            <strong>{document}</strong>
            {page !== null && <span>page {formatNumber(page)}</span>}
            <span>{mediaType}, as Markdown</span>
          </header>
          <pre tabIndex={0}>{cut ? `${markdown}…` : markdown}</pre>
        </article>
      ))}
    </Stack>
  );
}

function Chunks({ samples: { chunks: cuts = [] }, vectors }: PartProps & { readonly vectors: boolean }) {
  const chunks = vectors ? cuts.filter(({ vector = [] }) => vector.length > 0) : cuts;
  if (chunks.length === 0) return <Nothing>{vectors ? "Nothing that was sampled is embedded yet." : "Nothing was cut in this build yet."}</Nothing>;
  return (
    <Stack gap="sm">
      {chunks.map(({ id, document, headings, text, cut, tokens, vector = [], dimensions = 0, reused }) => (
        <article key={id} className={classes.sample}>
          <header>
            <strong>{document}</strong>
            {headings.length > 0 && <span>{headings.join(" › ")}</span>}
            <span>{counted(tokens, "token")}</span>
            {vectors && (
              <Badge variant="default" tt="none" size="sm">
                {reused ? "was there" : "embedded"}
              </Badge>
            )}
          </header>
          <pre tabIndex={0}>{vectors ? `[${vector.map((number) => number.toFixed(4)).join(", ")}${vector.length < dimensions ? ", …" : ""}] of ${formatNumber(dimensions)} numbers` : cut ? `${text}…` : text}</pre>
        </article>
      ))}
    </Stack>
  );
}

interface SamplesProps extends PartProps {
  readonly step: string;
  readonly built: Built | null;
}

/** A few of what a step of a build gave. */
export function BuildSamples({ step, samples, built }: SamplesProps) {
  if (step === "read") return <Files samples={samples} />;
  if (step === "crack") return <Pages samples={samples} />;
  if (step === "chunk" || step === "embed") return <Chunks samples={samples} vectors={step === "embed"} />;
  if (step === "write") return <Nothing>Chunks and vectors are written in batches, each as a whole. Nobody sees them before the version is published.</Nothing>;
  if (step === "optimise") return <Nothing>Small files are brought together, and what searches by meaning and by words is brought up to date.</Nothing>;
  return <Nothing>{built ? `Version ${built.version} is what is searched from now on.` : "The version gets its number and the label latest once all else is done."}</Nothing>;
}
