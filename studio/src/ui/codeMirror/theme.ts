import { HighlightStyle, syntaxHighlighting } from "@codemirror/language";
import type { Extension } from "@codemirror/state";
import { EditorView } from "@codemirror/view";
import { tags as t } from "@lezer/highlight";

const highlight = HighlightStyle.define([
  { tag: [t.keyword, t.moduleKeyword, t.operatorKeyword, t.controlKeyword, t.bool, t.null], color: "var(--fy-node-llm)" },
  { tag: [t.string, t.special(t.string)], color: "var(--fy-good)" },
  { tag: [t.number], color: "var(--fy-node-tool)" },
  { tag: [t.comment, t.meta], color: "var(--mantine-color-dimmed)", fontStyle: "italic" },
  { tag: [t.propertyName, t.definition(t.propertyName), t.attributeName], color: "var(--fy-node-prompt)" },
  { tag: [t.function(t.variableName), t.function(t.definition(t.variableName)), t.className], color: "var(--fy-node-prompt)" },
  { tag: [t.heading], color: "var(--fy-node-llm)", fontWeight: "600" },
  { tag: [t.brace], color: "var(--fy-node-python)", fontWeight: "600" },
  { tag: [t.link, t.url], color: "var(--fy-accent-text)" },
  { tag: [t.invalid], color: "var(--fy-bad)" },
]);

function look(dark: boolean): Extension {
  return EditorView.theme(
    {
      "&": { height: "100%", fontSize: "13px", color: "var(--mantine-color-text)", backgroundColor: "var(--fy-surface)" },
      ".cm-scroller": { fontFamily: "var(--mantine-font-family-monospace)", lineHeight: "1.6", fontVariantLigatures: "none" },
      ".cm-content": { caretColor: "var(--mantine-color-text)" },
      ".cm-cursor": { borderLeftColor: "var(--mantine-color-text)" },
      ".cm-gutters": { backgroundColor: "var(--fy-surface)", color: "var(--mantine-color-dimmed)", border: "none", paddingLeft: "4px" },
      ".cm-activeLine, .cm-activeLineGutter": { backgroundColor: "var(--fy-hover)" },
      "&.cm-focused": { outline: "none" },
      "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground": { backgroundColor: "var(--fy-selected)" },
      ".cm-panels": { backgroundColor: "var(--fy-subtle)", color: "var(--mantine-color-text)" },
      ".cm-tooltip": { backgroundColor: "var(--fy-surface)", border: "1px solid var(--fy-border-strong)", borderRadius: "6px" },
      ".cm-tooltip.cm-tooltip-autocomplete > ul": { fontFamily: "var(--mantine-font-family-monospace)", fontSize: "12px", maxHeight: "220px" },
      ".cm-tooltip.cm-tooltip-autocomplete > ul > li": { padding: "3px 8px" },
      ".cm-tooltip.cm-tooltip-autocomplete > ul > li[aria-selected]": { backgroundColor: "var(--fy-selected)", color: "var(--mantine-color-text)" },
      ".cm-completionMatchedText": { textDecoration: "none", fontWeight: "600" },
      ".cm-tooltip.cm-completionInfo": { padding: "0", maxWidth: "420px" },
      ".cm-note": { padding: "8px 12px", maxWidth: "480px", maxHeight: "280px", overflow: "auto", fontSize: "12px", lineHeight: "1.5" },
      ".cm-note-head": { fontFamily: "var(--mantine-font-family-monospace)", overflowWrap: "anywhere" },
      ".cm-note-where": { color: "var(--mantine-color-dimmed)", overflowWrap: "anywhere" },
      ".cm-note-doc": { marginTop: "6px", whiteSpace: "pre-wrap", overflowWrap: "anywhere" },
      ".cm-callHint": { maxHeight: "140px" },
      ".cm-callHint strong": { color: "var(--fy-accent-text)" },
      ".cm-collapsedLines": { color: "var(--mantine-color-dimmed)", background: "var(--fy-subtle)", padding: "3px 16px" },
      ".cm-collapsedLines:before, .cm-collapsedLines:after": { content: '""' },
      ".cm-searchMatch": { backgroundColor: "var(--fy-warn-bg)", outline: "1px solid var(--fy-warn)" },
    },
    { dark },
  );
}

/** CodeMirror in the studio's colours. */
export function studioTheme(dark: boolean): Extension {
  return [look(dark), syntaxHighlighting(highlight)];
}
