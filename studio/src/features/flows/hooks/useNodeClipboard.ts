import { useEffect, useEffectEvent, useState } from "react";
import { formatNumber } from "@/lib/format";
import { isTextField } from "@/lib/keys";
import { type Clip, clipText, copyNodes, filesOf, pasteNodes, type PastePlan, planPaste, readClip } from "../logic/edits/clipboard";
import { nodesOf } from "../logic/edits/references";
import { INPUTS_NODE, OUTPUTS_NODE } from "../logic/layout";
import { useFlow } from "./useFlowDocument";

/** What came of copying or pasting, for the reader. */
export interface ClipboardNote {
  readonly isProblem: boolean;
  readonly text: string;
}

interface Options {
  readonly chosen: readonly string[];
  readonly choose: (names: readonly string[]) => void;
  /** Why the graph cannot be changed; null: it can. */
  readonly fixed: string | null;
  /** The keys are somebody else's: a dialog is open. */
  readonly isAway: boolean;
}

export interface NodeClipboard {
  readonly note: ClipboardNote | null;
  readonly dismiss: () => void;
  /** For menus: keys go by the browser's own events. */
  readonly copy: () => void;
  readonly paste: () => void;
  readonly duplicate: () => void;
}

function counted(count: number): string {
  return `${formatNumber(count)} ${count === 1 ? "node" : "nodes"}`;
}

function outcome({ names, lost, missing }: PastePlan): string {
  const parts = [`${counted(names.size)} pasted.`];
  if (lost.length > 0) parts.push(`What these referred to is not in this flow, so they are empty: ${lost.join(", ")}.`);
  if (missing.length > 0) parts.push(`The clipboard did not bring, and this flow does not have: ${missing.join(", ")}.`);
  return parts.join(" ");
}

function said(error: unknown): ClipboardNote {
  return { isProblem: true, text: error instanceof Error ? error.message : String(error) };
}

/**
 * Copies the selected nodes to the clipboard, pastes nodes from it, and duplicates the selected ones. Ctrl+C and Ctrl+V are the browser's
 * events, which carry the clipboard where a page may not ask for it.
 */
export function useNodeClipboard({ chosen, choose, fixed, isAway }: Options): NodeClipboard {
  const { yaml, text, paths, isText, editFiles, main, version } = useFlow();
  const [note, setNote] = useState<ClipboardNote | null>(null);
  const nodes = main?.startsWith("flow.dag.") === true ? yaml : null;

  // What is selected may be copied: its files are read before somebody asks.
  useEffect(() => {
    if (nodes) filesOf(nodes, chosen).forEach((path) => text(path));
  }, [nodes, chosen, text, version]);

  const names = chosen.filter((name) => name !== INPUTS_NODE && name !== OUTPUTS_NODE);
  const clip = (): Clip => {
    if (names.length === 0) throw new Error("Select the nodes to copy: inputs and outputs are the flow's own.");
    if (nodes === null) throw new Error(fixed ?? "The flow is still being read: copy again in a moment.");
    const unread = filesOf(nodes, names).filter((path) => paths.includes(path) && isText(path) && text(path) === null);
    if (unread.length > 0) throw new Error(`Still being read: ${unread.join(", ")}. Copy again in a moment.`);
    return copyNodes(nodes, names, text);
  };
  const put = (from: Clip, how: string, after?: string): PastePlan => {
    if (fixed !== null || nodes === null) throw new Error(fixed ?? "The flow is still being read: paste again in a moment.");
    const plan = planPaste(nodes, from, paths);
    const made = [...plan.names.values()];
    editFiles(`${how} ${made.length === 1 ? (made[0] ?? "") : counted(made.length)}`, plan.files, (doc) => {
      pasteNodes(doc, from, plan, after);
    });
    choose(made);
    return plan;
  };
  const pasteText = (found: string) => {
    try {
      setNote({ isProblem: false, text: outcome(put(readClip(found), "Paste")) });
    } catch (error) {
      setNote(said(error));
    }
  };
  const copied = (from: Clip): ClipboardNote => {
    return { isProblem: false, text: `${counted(nodesOf(from.doc).length)} copied, as text: Ctrl+V pastes into this or another flow, in another browser tab too.` };
  };

  const onCopy = useEffectEvent((event: ClipboardEvent) => {
    const isSelected = window.getSelection()?.isCollapsed === false;
    if (isAway || chosen.length === 0 || isSelected || isTextField(event.target)) return;
    event.preventDefault();
    try {
      const from = clip();
      event.clipboardData?.setData("text/plain", clipText(from));
      setNote(copied(from));
    } catch (error) {
      setNote(said(error));
    }
  });
  const onPaste = useEffectEvent((event: ClipboardEvent) => {
    if (isAway || isTextField(event.target)) return;
    event.preventDefault();
    pasteText(event.clipboardData?.getData("text/plain") ?? "");
  });
  useEffect(() => {
    const copying = (event: ClipboardEvent) => { onCopy(event); };
    const pasting = (event: ClipboardEvent) => { onPaste(event); };
    document.addEventListener("copy", copying);
    document.addEventListener("paste", pasting);
    return () => {
      document.removeEventListener("copy", copying);
      document.removeEventListener("paste", pasting);
    };
  }, []);

  return {
    note,
    dismiss: () => { setNote(null); },
    copy: () => {
      void (async () => {
        try {
          const from = clip();
          await navigator.clipboard.writeText(clipText(from));
          setNote(copied(from));
        } catch (error) {
          setNote(error instanceof DOMException || error instanceof TypeError ? { isProblem: true, text: "This browser does not give the clipboard to a menu here: press Ctrl+C." } : said(error));
        }
      })();
    },
    paste: () => {
      void (async () => {
        try {
          pasteText(await navigator.clipboard.readText());
        } catch {
          setNote({ isProblem: true, text: "This browser does not give the clipboard to a menu here: press Ctrl+V." });
        }
      })();
    },
    duplicate: () => {
      try {
        put(clip(), "Duplicate", names.at(-1));
        setNote(null);
      } catch (error) {
        setNote(said(error));
      }
    },
  };
}
