import {
  IconBraces,
  IconBrandPython,
  IconFile,
  IconFileText,
  IconFolder,
  IconMarkdown,
  IconMessage2,
  IconSitemap,
  type TablerIcon,
} from "@tabler/icons-react";
import { createElement } from "react";
import type { TreeEntry } from "../logic/fileTree";
import type { Finding } from "../model";
import classes from "./FilesTab.module.css";

interface FileTreeProps {
  readonly entries: readonly TreeEntry[];
  readonly selected: string | null;
  readonly unsaved: ReadonlySet<string>;
  readonly findings: readonly Finding[];
  readonly onSelect: (path: string) => void;
  readonly depth?: number;
}

const ICONS: Readonly<Record<string, TablerIcon>> = {
  py: IconBrandPython,
  yaml: IconFileText,
  yml: IconFileText,
  json: IconBraces,
  jsonl: IconBraces,
  md: IconMarkdown,
  jinja2: IconMessage2,
  prompty: IconMessage2,
};

function iconOf(path: string): TablerIcon {
  if (/(^|\/)flow\.(dag|flex)\.ya?ml$/.test(path)) return IconSitemap;
  return ICONS[path.split(".").at(-1) ?? ""] ?? IconFile;
}

interface EntryProps extends Omit<FileTreeProps, "entries" | "depth"> {
  readonly entry: TreeEntry;
  readonly depth: number;
}

function Entry({ entry, depth, ...shared }: EntryProps) {
  const { selected, unsaved, findings, onSelect } = shared;
  const indent = { paddingLeft: 16 + depth * 16 };
  if (entry.isFolder) {
    return (
      <>
        <div className={`${classes.entry} ${classes.folder}`} style={indent}>
          <IconFolder size={16} stroke={1.6} aria-hidden />
          <span className="fy-truncate" title={entry.path}>
            {entry.name}
          </span>
        </div>
        <FileTree {...shared} entries={entry.children} depth={depth + 1} />
      </>
    );
  }
  const errors = findings.filter((finding) => finding.severity === "error" && finding.file === entry.path).length;
  return (
    <button
      type="button"
      className={classes.entry}
      style={indent}
      aria-current={entry.path === selected}
      onClick={() => {
        onSelect(entry.path);
      }}
    >
      {createElement(iconOf(entry.path), { size: 16, stroke: 1.6, "aria-hidden": true })}
      <span className="fy-truncate" title={entry.path}>
        {entry.name}
      </span>
      {errors > 0 && (
        <span className={classes.count} role="img" aria-label={`${errors} errors`}>
          {errors}
        </span>
      )}
      {unsaved.has(entry.path) && <span className={classes.dot} role="img" aria-label="Not saved" title="Not saved" />}
    </button>
  );
}

/** Folders and files of a flow, with marks for what is not saved and what has errors. */
export function FileTree({ entries, depth = 0, ...shared }: FileTreeProps) {
  return entries.map((entry) => <Entry key={entry.path} {...shared} entry={entry} depth={depth} />);
}
