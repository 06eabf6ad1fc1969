import type { FlowFile } from "../model";

/** A folder or file of a flow, as the tree shows it. */
export interface TreeEntry {
  readonly name: string;
  readonly path: string;
  readonly file: FlowFile | null;
  readonly children: readonly TreeEntry[];
}

interface Folder {
  readonly folders: Map<string, Folder>;
  readonly files: FlowFile[];
}

function newFolder(): Folder {
  return { folders: new Map(), files: [] };
}

function place(root: Folder, file: FlowFile): void {
  let folder = root;
  for (const part of file.path.split("/").slice(0, -1)) {
    const next = folder.folders.get(part) ?? newFolder();
    folder.folders.set(part, next);
    folder = next;
  }
  folder.files.push(file);
}

/** The file a flow is defined by comes first, then the others by name. */
function byImportance(left: FlowFile, right: FlowFile): number {
  const weight = (file: FlowFile): number => (/^flow\.(dag|flex)\.ya?ml$/.test(file.path) ? 0 : 1);
  return weight(left) - weight(right) || left.path.localeCompare(right.path);
}

function entries(folder: Folder, prefix: string): readonly TreeEntry[] {
  const folders = [...folder.folders]
    .sort(([left], [right]) => left.localeCompare(right))
    .map(([name, inside]) => ({ name, path: prefix + name, file: null, children: entries(inside, `${prefix}${name}/`) }));
  const files = [...folder.files].sort(byImportance).map((file) => ({ name: file.path.slice(prefix.length), path: file.path, file, children: [] }));
  return [...folders, ...files];
}

/** A flow's files as a tree: folders first, then files, the flow's definition before all other files. */
export function fileTree(files: readonly FlowFile[]): readonly TreeEntry[] {
  const root = newFolder();
  files.forEach((file) => {
    place(root, file);
  });
  return entries(root, "");
}

/** The file to open first. */
export function firstFile(files: readonly FlowFile[]): string | null {
  return [...files].sort(byImportance)[0]?.path ?? null;
}
