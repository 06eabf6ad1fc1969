import { ActionIcon, Button, Progress, Tooltip } from "@mantine/core";
import { IconRefresh, IconX } from "@tabler/icons-react";
import { type Upload, uploads } from "@/api/uploads";
import { formatBytes, formatNumber } from "@/lib/format";
import { StatusIcon, type Tone } from "@/ui/StatusBadge";
import classes from "./Data.module.css";

const TONES: Record<Upload["status"], Tone> = { waiting: "waiting", sending: "busy", done: "good", failed: "bad", canceled: "off" };

function amount({ status, sent, bytes }: Upload): string {
  if (status === "waiting") return "waiting";
  if (status === "canceled") return "canceled";
  if (status === "sending") return `${formatBytes(sent)} of ${formatBytes(bytes)}`;
  return formatBytes(bytes);
}

function Row({ upload }: { readonly upload: Upload }) {
  const going = upload.status === "waiting" || upload.status === "sending";
  const label = going ? `Cancel ${upload.path}` : `Try ${upload.path} again`;
  return (
    <div className={classes.upload} role="listitem">
      <StatusIcon tone={TONES[upload.status]} />
      <span className="fy-truncate" title={upload.path}>
        {upload.path}
      </span>
      {upload.status === "sending" ? <Progress size={5} value={upload.bytes === 0 ? 100 : (upload.sent / upload.bytes) * 100} aria-label={`${upload.path}, share sent`} /> : <span />}
      <span className={classes.side}>{amount(upload)}</span>
      {going || upload.status === "failed" ? (
        <Tooltip label={going ? "Cancel" : "Try again"}>
          <ActionIcon
            size={22}
            aria-label={label}
            onClick={() => {
              if (going) uploads.cancel(upload.id);
              else uploads.retry(upload.id);
            }}
          >
            {going ? <IconX size={14} /> : <IconRefresh size={14} />}
          </ActionIcon>
        </Tooltip>
      ) : (
        <span />
      )}
      {upload.status === "failed" && upload.problem && (
        <div className={classes.uploadProblem} role="alert">
          {upload.problem.detail} {upload.problem.remedy}
        </div>
      )}
    </div>
  );
}

const SHOWN = 200;

/** What is on its way into a datastore, what arrived and what did not. */
export function UploadList({ items, workspace, store }: { readonly items: readonly Upload[]; readonly workspace: string; readonly store: string }) {
  if (items.length === 0) return null;
  const going = items.filter((item) => item.status === "waiting" || item.status === "sending");
  const done = items.filter((item) => item.status === "done").length;
  const first = [...items].sort((a, b) => Number(b.status === "sending") - Number(a.status === "sending") || Number(b.status === "failed") - Number(a.status === "failed"));
  return (
    <section className={classes.uploads} aria-label="Uploads">
      <div className={classes.uploadsHead}>
        <span aria-live="polite">
          {going.length > 0 ? `Uploading, ${formatNumber(done)} of ${formatNumber(items.length)} done` : `${formatNumber(done)} of ${formatNumber(items.length)} uploaded`}
        </span>
        {going.length > 0 ? (
          <Button
            size="compact-xs"
            variant="default"
            onClick={() => {
              for (const item of going) uploads.cancel(item.id);
            }}
          >
            Cancel all
          </Button>
        ) : (
          <Button size="compact-xs" variant="subtle" color="gray" onClick={() => uploads.clear(workspace, store)}>
            Clear
          </Button>
        )}
      </div>
      <div role="list">
        {first.slice(0, SHOWN).map((upload) => (
          <Row key={upload.id} upload={upload} />
        ))}
      </div>
      {items.length > SHOWN && <span>and {formatNumber(items.length - SHOWN)} more</span>}
    </section>
  );
}
