import { closeBrackets, closeBracketsKeymap, completionKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands";
import { bracketMatching, indentOnInput, indentUnit } from "@codemirror/language";
import { lintGutter, lintKeymap } from "@codemirror/lint";
import { highlightSelectionMatches, searchKeymap } from "@codemirror/search";
import { EditorState, type Extension } from "@codemirror/state";
import { drawSelection, highlightActiveLine, highlightActiveLineGutter, highlightSpecialChars, keymap, lineNumbers } from "@codemirror/view";

/** The key that runs what is edited: it must not begin a line too. */
const RUNS = "Mod-Enter";

/** What every editor has, read-only or not. */
export const reading: Extension = [lineNumbers(), highlightSpecialChars(), drawSelection(), bracketMatching(), highlightSelectionMatches(), keymap.of(searchKeymap)];

/** What makes an editor edit. Escape and then Tab leaves it by keyboard. */
export const writing: Extension = [
  history(),
  indentOnInput(),
  indentUnit.of("    "),
  closeBrackets(),
  highlightActiveLine(),
  highlightActiveLineGutter(),
  lintGutter(),
  EditorState.allowMultipleSelections.of(true),
  keymap.of([...closeBracketsKeymap, ...defaultKeymap.filter(({ key }) => key !== RUNS), ...historyKeymap, ...completionKeymap, ...lintKeymap, indentWithTab]),
];
