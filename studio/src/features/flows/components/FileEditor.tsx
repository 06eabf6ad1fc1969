import { ActionIcon, Button, Kbd, Text, Tooltip } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconDeviceFloppy, IconTrash } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useMemo, useState } from "react";
import { flows } from "@/api/flows";
import { asProblem } from "@/api/problem";
import { useRights } from "@/api/useRights";
import { useWorkspace } from "@/lib/workspace";
import { CodeEditor, type EditorMark } from "@/ui/CodeEditor";
import { ConfirmDelete } from "@/ui/ConfirmDelete";
import { ErrorPanel } from "@/ui/ErrorPanel";
import { Bytes } from "@/ui/figures";
import { Loaded } from "@/ui/Loaded";
import { MergeView } from "@/ui/MergeView";
import type { FileDrafts } from "../hooks/useFileDrafts";
import { draftState, editDraft, type FileDraft } from "../logic/drafts";
import type { Finding, FlowFile } from "../model";
import classes from "./FilesTab.module.css";

const DISK_POLL_MS = 3000;

interface FileEditorProps {
  readonly flow: string;
  readonly path: string;
  readonly drafts: FileDrafts;
  readonly findings: readonly Finding[];
  /** A line (from 1) to go to. */
  readonly line: number | null;
  readonly onGone: () => void;
}

function marksOf(findings: readonly Finding[], path: string): readonly EditorMark[] {
  return findings.flatMap(({ file, line, column, severity, message, remedy }) =>
    file === path && typeof line === "number" ? [{ line, column: column ?? null, severity, message: remedy ? `${message} ${remedy}` : message }] : [],
  );
}

function useSave(flow: string, file: FlowFile, drafts: FileDrafts) {
  const workspace = useWorkspace();
  const client = useQueryClient();
  return useMutation({
    mutationFn: (draft: FileDraft) => flows.writeFile(workspace, flow, file.path, draft.text, draft.etag),
    onSuccess: (saved, draft) => {
      client.setQueryData<FlowFile>(flows.file(workspace, flow, file.path).queryKey, { ...saved, content: saved.content ?? draft.text });
      drafts.put(file.path, undefined);
      void client.invalidateQueries({ queryKey: flows.get(workspace, flow).queryKey });
      void client.invalidateQueries({ queryKey: flows.list(workspace).queryKey, exact: true });
    },
    onError: (error) => {
      if (asProblem(error).status === 412) void client.invalidateQueries({ queryKey: flows.file(workspace, flow, file.path).queryKey });
    },
  });
}

interface ConflictProps {
  readonly comparing: boolean;
  readonly onCompare: () => void;
  readonly onKeepMine: () => void;
  readonly onTakeDisk: () => void;
}

function Conflict({ comparing, onCompare, onKeepMine, onTakeDisk }: ConflictProps) {
  return (
    <div className={classes.note} role="alert">
      <Text size="sm" flex={1} miw={280}>
        The file changed on disk after you began to edit it. Both versions are kept until you choose.
      </Text>
      <Button size="compact-sm" variant="default" onClick={onCompare}>
        {comparing ? "Back to the editor" : "Compare"}
      </Button>
      <Button size="compact-sm" variant="default" onClick={onTakeDisk}>
        Take the one on disk
      </Button>
      <Button size="compact-sm" onClick={onKeepMine}>
        Save mine over it
      </Button>
    </div>
  );
}

function PutAside({ onBack, onDrop }: { readonly onBack: () => void; readonly onDrop: () => void }) {
  return (
    <div className={classes.note} role="status">
      <Text size="sm" flex={1}>
        Your version was put aside.
      </Text>
      <Button size="compact-sm" variant="default" onClick={onBack}>
        Bring it back
      </Button>
      <Button size="compact-sm" variant="subtle" color="gray" onClick={onDrop}>
        Drop it
      </Button>
    </div>
  );
}

interface BarProps {
  readonly file: FlowFile;
  readonly unsaved: boolean;
  /** False while a conflict is to be settled first. */
  readonly canSave: boolean;
  readonly saving: boolean;
  /** Whether the reader may change files at all. */
  readonly writable: boolean;
  readonly onSave: () => void;
  readonly onRevert: () => void;
  readonly onDelete: () => void;
}

function Bar({ file, unsaved, canSave, saving, writable, onSave, onRevert, onDelete }: BarProps) {
  return (
    <div className={classes.bar}>
      <Text size="sm" ff="monospace" className="fy-truncate" title={file.path}>
        {file.path}
      </Text>
      {unsaved && <span className={classes.dot} style={{ margin: 0 }} role="img" aria-label="Not saved" title="Not saved" />}
      <Text size="xs" c="dimmed" flex={1} className="fy-num">
        <Bytes value={file.bytes} />
      </Text>
      {writable ? (
        <>
          {unsaved && (
            <Button size="compact-sm" variant="subtle" color="gray" onClick={onRevert}>
              Revert
            </Button>
          )}
          <Tooltip
            label={
              <>
                Save <Kbd size="xs">Ctrl</Kbd> or <Kbd size="xs">⌘</Kbd> <Kbd size="xs">S</Kbd>
              </>
            }
          >
            <Button size="compact-md" leftSection={<IconDeviceFloppy size={15} />} disabled={!canSave} loading={saving} onClick={onSave}>
              Save
            </Button>
          </Tooltip>
          <Tooltip label="Delete file">
            <ActionIcon aria-label={`Delete ${file.path}`} onClick={onDelete}>
              <IconTrash size={16} />
            </ActionIcon>
          </Tooltip>
        </>
      ) : (
        <Text size="xs" c="dimmed">
          Your role may read files, not change them.
        </Text>
      )}
    </div>
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

interface TextEditorProps extends FileEditorProps {
  readonly file: FlowFile;
  readonly content: string;
}

function TextEditor({ flow, file, content, drafts, findings, line, onGone }: TextEditorProps) {
  const workspace = useWorkspace();
  const client = useQueryClient();
  const [comparing, compare] = useDisclosure(false);
  const [deleting, remove] = useDisclosure(false);
  const [aside, setAside] = useState<FileDraft | null>(null);
  const draft = drafts.drafts[file.path];
  const state = draftState(draft, content, file.etag);
  const text = draft?.text ?? content;
  const { write } = useRights(workspace);
  const save = useSave(flow, file, drafts);
  const marks = useMemo(() => marksOf(findings, file.path), [findings, file.path]);
  const goTo = useMemo(() => (line === null ? null : { line }), [line]);
  const edit = (next: string): void => {
    drafts.put(file.path, editDraft(draft, next, content, file.etag));
  };
  const saveNow = (): void => {
    if (draft && state === "unsaved") save.mutate(draft);
  };
  useLeaveWarning(state !== "clean");
  const conflictError = save.error && asProblem(save.error).status === 412;
  return (
    <div className={classes.pane}>
      <Bar
        file={file}
        unsaved={state !== "clean"}
        canSave={state === "unsaved"}
        saving={save.isPending}
        writable={write}
        onSave={saveNow}
        onRevert={() => {
          drafts.put(file.path, undefined);
        }}
        onDelete={remove.open}
      />
      {state === "conflict" && draft && (
        <Conflict
          comparing={comparing}
          onCompare={compare.toggle}
          onKeepMine={() => {
            compare.close();
            save.mutate({ text: draft.text, etag: file.etag });
          }}
          onTakeDisk={() => {
            compare.close();
            setAside(draft);
            drafts.put(file.path, undefined);
          }}
        />
      )}
      {aside && (
        <PutAside
          onBack={() => {
            drafts.put(file.path, aside);
            setAside(null);
          }}
          onDrop={() => {
            setAside(null);
          }}
        />
      )}
      {save.error && !conflictError && (
        <div className={classes.problem}>
          <ErrorPanel error={save.error} />
        </div>
      )}
      <div className={classes.text}>
        {comparing && state === "conflict" ? (
          <MergeView path={file.path} theirs={content} mine={text} theirsLabel="On disk" mineLabel="Yours, not saved" onChange={edit} />
        ) : (
          <CodeEditor
            value={text}
            path={file.path}
            label={`Text of ${file.path}`}
            marks={marks}
            goTo={goTo}
            readOnly={!write}
            onChange={edit}
            onSave={saveNow}
          />
        )}
      </div>
      <ConfirmDelete
        opened={deleting}
        onClose={remove.close}
        what={file.path}
        consequence="The file is removed from the flow's folder."
        onConfirm={async () => {
          await flows.removeFile(workspace, flow, file.path, file.etag);
          drafts.put(file.path, undefined);
          void client.invalidateQueries({ queryKey: flows.get(workspace, flow).queryKey });
          onGone();
        }}
      />
    </div>
  );
}

/** One file of a flow in an editor. Unsaved text is kept in the browser; a change on disk meanwhile is shown, and nothing is lost. */
export function FileEditor(props: FileEditorProps) {
  const workspace = useWorkspace();
  const query = useQuery({ ...flows.file(workspace, props.flow, props.path), refetchInterval: DISK_POLL_MS });
  return (
    <Loaded query={query}>
      {(file) =>
        typeof file.content === "string" ? (
          <TextEditor {...props} file={file} content={file.content} />
        ) : (
          <Text c="dimmed" p="md">
            {file.path} is a binary file of <Bytes value={file.bytes} />, which the editor does not show.
          </Text>
        )
      }
    </Loaded>
  );
}
