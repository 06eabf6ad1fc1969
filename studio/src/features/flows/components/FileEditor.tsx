import { Button, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconTrash } from "@tabler/icons-react";
import { useEffect, useMemo } from "react";
import { CodeEditor, type EditorMark } from "@/ui/CodeEditor";
import { ConfirmDelete } from "@/ui/ConfirmDelete";
import { Bytes } from "@/ui/figures";
import { GuardedIcon } from "@/ui/GuardedButton";
import { MergeView } from "@/ui/MergeView";
import { useCodeAssist } from "../hooks/useCodeAssist";
import { useFlow } from "../hooks/useFlowDocument";
import type { Conflict } from "../logic/document/model";
import type { Finding } from "../model";
import classes from "./FilesTab.module.css";

/** A file with more bytes is not sent to the editor. */
const TEXT_LIMIT = 4 * 1024 * 1024;

interface FileEditorProps {
  readonly flow: string;
  readonly path: string;
  readonly findings: readonly Finding[];
  /** A line (from 1) to go to. */
  readonly line: number | null;
}

function marksOf(findings: readonly Finding[], path: string): readonly EditorMark[] {
  return findings.flatMap(({ file, line, column, severity, message, remedy }) =>
    file === path && typeof line === "number" ? [{ line, column: column ?? null, severity, message: remedy ? `${message} ${remedy}` : message }] : [],
  );
}

interface ConflictPaneProps {
  readonly path: string;
  readonly conflict: Conflict;
}

/** Both versions of a file beside each other; one is chosen, or the right one is made of both. */
function ConflictPane({ path, conflict }: ConflictPaneProps) {
  const document = useFlow();
  const { mine, theirs } = conflict;
  const other = theirs?.text ?? null;
  return (
    <>
      <div className={classes.note} role="alert">
        <Text size="sm" flex={1} miw={280}>
          {theirs === null && "The file was deleted elsewhere while you edited it."}
          {theirs !== null && mine === null && "The file was changed elsewhere after you deleted it."}
          {theirs !== null && mine !== null && "Somebody else changed the same lines. Both versions are kept until you choose; what you do not choose is one undo away."}
        </Text>
        <Button size="compact-sm" variant="default" onClick={() => document.resolve(path, other)}>
          {theirs === null ? "Delete it" : "Take the one on disk"}
        </Button>
        <Button size="compact-sm" onClick={() => document.resolve(path, mine)}>
          {mine === null ? "Delete it" : "Save mine over it"}
        </Button>
      </div>
      <div className={classes.text}>
        <MergeView
          path={path}
          theirs={other ?? ""}
          mine={mine ?? ""}
          theirsLabel="On disk"
          mineLabel="Yours, not saved"
          {...(mine === null ? {} : { onChange: (text: string) => document.setText(path, text) })}
        />
      </div>
    </>
  );
}

function useLeaveWarning(unsaved: boolean): void {
  useEffect(() => {
    if (!unsaved) return undefined;
    const warn = (event: BeforeUnloadEvent): void => {
      event.preventDefault();
    };
    window.addEventListener("beforeunload", warn);
    return () => {
      window.removeEventListener("beforeunload", warn);
    };
  }, [unsaved]);
}

function Bar({ path }: { readonly path: string }) {
  const document = useFlow();
  const [deleting, remove] = useDisclosure(false);
  const bytes = document.bytes(path);
  return (
    <div className={classes.bar}>
      <Text size="sm" ff="monospace" className="fy-truncate" title={path}>
        {path}
      </Text>
      {document.unsaved.has(path) && <span className={classes.dot} style={{ margin: 0 }} role="img" aria-label="Not saved" title="Not saved" />}
      <Text size="xs" c="dimmed" flex={1} className="fy-num">
        {bytes !== null && <Bytes value={bytes} />}
      </Text>
      <GuardedIcon label={`Delete ${path}`} off={document.readOnly} onClick={remove.open}>
        <IconTrash size={16} />
      </GuardedIcon>
      <ConfirmDelete
        opened={deleting}
        onClose={remove.close}
        what={path}
        consequence="The file is removed from the flow's folder. Undo brings a text back, and so does the history."
        onConfirm={() => {
          document.editFiles(`Delete ${path}`, { [path]: null });
          return document.save();
        }}
      />
    </div>
  );
}

function NoText({ path, bytes }: { readonly path: string; readonly bytes: number | null }) {
  return (
    <Text c="dimmed" p="md">
      {bytes !== null && bytes > TEXT_LIMIT ? (
        <>
          {path} has <Bytes value={bytes} />: the editor shows files of up to <Bytes value={TEXT_LIMIT} />. Edit it in the flow’s folder.
        </>
      ) : (
        <>
          {path} is a binary file{bytes !== null && <> of <Bytes value={bytes} /></>}, which the editor does not show.
        </>
      )}
    </Text>
  );
}

/** What keeps the flow's file from being read, above its text. */
function WhyUnreadable({ path, findings }: { readonly path: string; readonly findings: readonly Finding[] }) {
  const { main, yaml, text } = useFlow();
  const errors = findings.filter((finding) => finding.severity === "error" && finding.file === path);
  if (path !== main || yaml !== null || text(path) === null || errors.length === 0) return null;
  return (
    <div className={classes.note} role="status">
      <Text size="sm" flex={1}>
        {errors.map(({ line, message, remedy }) => `${typeof line === "number" ? `Line ${line}: ` : ""}${message} ${remedy ?? ""}`).join(" ")}
      </Text>
    </div>
  );
}

/** One file of the flow in an editor. Typing is in all other views at once, and saved by itself. */
export function FileEditor({ flow, path, findings, line }: FileEditorProps) {
  const document = useFlow();
  const text = document.text(path);
  const conflict = document.conflicts[path];
  const marks = useMemo(() => marksOf(findings, path), [findings, path]);
  const goTo = useMemo(() => (line === null ? null : { line }), [line]);
  const assist = useCodeAssist(flow, path);
  const { undo, redo } = document;
  const history = useMemo(() => ({ undo, redo }), [undo, redo]);
  useLeaveWarning(document.unsaved.size > 0);
  return (
    <div className={classes.pane}>
      <Bar path={path} />
      <WhyUnreadable path={path} findings={findings} />
      {conflict && <ConflictPane path={path} conflict={conflict} />}
      {!conflict && text === null && !document.isText(path) && <NoText path={path} bytes={document.bytes(path)} />}
      {!conflict && text === null && document.isText(path) && (
        <Text c="dimmed" p="md" role="status">
          Reading {path}
        </Text>
      )}
      {!conflict && text !== null && (
        <div className={classes.text}>
          <CodeEditor
            value={text}
            path={path}
            label={`Text of ${path}`}
            marks={marks}
            goTo={goTo}
            readOnly={document.readOnly !== null}
            history={history}
            assist={document.readOnly === null ? assist : undefined}
            onChange={(next) => document.setText(path, next)}
            onSave={() => void document.save()}
          />
        </div>
      )}
    </div>
  );
}
