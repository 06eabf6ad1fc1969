import { Stack, Text, Textarea } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { telemetryPolicy } from "@/api/telemetry";
import type { RedactionRule } from "@/api/types";
import { formatNumber } from "@/lib/format";
import { useWorkspace } from "@/lib/workspace";
import { ErrorPanel } from "@/ui/ErrorPanel";
import { piecesOf } from "../logic/policy";
import classes from "./Policy.module.css";

const SAMPLE = "Write to alice@example.com or call +49 30 901820. My card is 4111 1111 1111 1111, the server 203.0.113.9.\nIt signs in with password: hunter2-Zx81qP.";

/** What the chosen rules would take out of a text. Nothing of it is kept. */
export function Preview({ redact }: { readonly redact: readonly RedactionRule[] }) {
  const workspace = useWorkspace();
  const [text, setText] = useState(SAMPLE);
  const [asked] = useDebouncedValue(text, 250);
  const preview = useQuery(telemetryPolicy.preview(workspace, { text: asked, redact: [...redact] }));
  const count = preview.data?.found.length ?? 0;
  return (
    <section className={classes.card} aria-label="Try it">
      <h2>Try it on a text of yours</h2>
      <Textarea aria-label="Text to try" autosize minRows={4} maxRows={12} value={text} onChange={(event) => setText(event.currentTarget.value)} />
      {preview.error && <ErrorPanel error={preview.error} />}
      {preview.data && (
        <Stack gap={8}>
          <Text size="xs" c="dimmed" role="status">
            {count === 0 ? "The rules above find nothing in it." : `Found: ${formatNumber(count)}. It would be kept as:`}
          </Text>
          {count > 0 && (
            <div className={classes.text} aria-label="As it would be kept">
              {preview.data.text}
            </div>
          )}
          {count > 0 && (
            <div className={classes.text} aria-label="What was found">
              {piecesOf(asked, preview.data.found).map((piece, index) =>
                piece.rule === null ? (
                  <span key={index}>{piece.text}</span>
                ) : (
                  <mark key={index} title={piece.rule}>
                    {piece.text}
                  </mark>
                ),
              )}
            </div>
          )}
        </Stack>
      )}
    </section>
  );
}
