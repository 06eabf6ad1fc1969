import { Kbd, Text, Tooltip } from "@mantine/core";
import { useHotkeys } from "@mantine/hooks";
import { IconArrowBackUp, IconArrowForwardUp, IconCheck, IconCloudOff, IconGitMerge, IconLoader } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { GuardedIcon } from "@/ui/GuardedButton";
import { TextLink } from "@/ui/links";
import { isTextField } from "@/lib/keys";
import { useWorkspace } from "@/lib/workspace";
import { type FlowDocument, useFlow } from "../hooks/useFlowDocument";
import classes from "./DocumentBar.module.css";

interface State {
  readonly icon: ReactNode;
  readonly text: string;
  readonly hint: string;
  readonly tone?: string;
}

function offline(document: FlowDocument): State {
  const { problem } = document;
  const refused = problem !== null && problem.status >= 400 && problem.status < 500;
  return {
    icon: <IconCloudOff size={15} aria-hidden />,
    text: refused ? "Not saved" : document.unsaved.size > 0 ? "Offline: edits are kept here" : "Offline",
    hint: refused
      ? `${problem.detail} ${problem.remedy ?? ""} Your text is kept in this browser.`
      : "The server does not answer. Edits are kept in this browser and sent as soon as it is back, also after a reload.",
    tone: "var(--fy-bad)",
  };
}

function stateOf(document: FlowDocument): State {
  switch (document.status) {
    case "saved":
      return { icon: <IconCheck size={15} aria-hidden />, text: "Saved", hint: "Every edit is written into the flow's folder." };
    case "saving":
      return { icon: <IconLoader size={15} aria-hidden />, text: "Saving", hint: "Edits are collected for a moment, then written." };
    case "conflict":
      return {
        icon: <IconGitMerge size={15} aria-hidden />,
        text: "Conflict",
        hint: "Somebody else changed the same lines. Both versions are kept until you choose, under Files.",
        tone: "var(--fy-warn)",
      };
    case "offline":
      return offline(document);
  }
}

function ConflictLink({ flow, path }: { readonly flow: string; readonly path: string }) {
  const workspace = useWorkspace();
  return (
    <TextLink to="/w/$workspace/flows/$flow" params={{ workspace, flow }} search={{ tab: "files", file: path } as never} size="xs">
      {path}
    </TextLink>
  );
}

function onKey(act: () => void): (event: KeyboardEvent) => void {
  return (event) => {
    if (isTextField(event.target)) return;
    event.preventDefault();
    act();
  };
}

const OWN = { preventDefault: false };

/** Undo and redo with what they would do, and whether everything is saved. The keys work wherever no text is edited. */
export function DocumentBar({ flow }: { readonly flow: string }) {
  const document = useFlow();
  const state = stateOf(document);
  useHotkeys(
    [
      ["mod+Z", onKey(document.undo), OWN],
      ["mod+shift+Z", onKey(document.redo), OWN],
      ["mod+Y", onKey(document.redo), OWN],
    ],
    [],
  );
  if (document.readOnly !== null) {
    return (
      <Tooltip label={document.readOnly} w={280}>
        <Text size="xs" c="dimmed" tabIndex={0}>
          Only to look at
        </Text>
      </Tooltip>
    );
  }
  return (
    <div className={classes.bar}>
      <GuardedIcon label={document.canUndo === null ? "Undo" : `Undo: ${document.canUndo}`} off={document.canUndo === null ? "Nothing to undo" : null} onClick={document.undo}>
        <IconArrowBackUp size={17} />
      </GuardedIcon>
      <GuardedIcon label={document.canRedo === null ? "Redo" : `Redo: ${document.canRedo}`} off={document.canRedo === null ? "Nothing to redo" : null} onClick={document.redo}>
        <IconArrowForwardUp size={17} />
      </GuardedIcon>
      <Tooltip
        w={300}
        multiline
        label={
          <>
            {state.hint} <Kbd size="xs">Ctrl</Kbd> <Kbd size="xs">Z</Kbd> undoes.
          </>
        }
      >
        <Text size="xs" c={state.tone ?? "dimmed"} className={classes.state} role="status" aria-label={`Edits: ${state.text}`} data-status={document.status}>
          {state.icon}
          {state.text}
        </Text>
      </Tooltip>
      {Object.keys(document.conflicts).map((path) => (
        <ConflictLink key={path} flow={flow} path={path} />
      ))}
    </div>
  );
}

/** What happened to the document without being asked for, until it is dismissed. */
export function DocumentNote() {
  const { note, dismissNote } = useFlow();
  if (note === null) return null;
  return (
    <div className={classes.note} role="status">
      <IconGitMerge size={16} aria-hidden />
      <Text size="sm" flex={1}>
        {note}
      </Text>
      <button type="button" className={classes.dismiss} onClick={dismissNote}>
        Dismiss
      </button>
    </div>
  );
}
