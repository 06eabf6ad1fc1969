/** A folder or file of a flow, as the tree shows it. */
export interface TreeEntry {
  readonly name: string;
  readonly path: string;
  readonly isFolder: boolean;
  readonly children: readonly TreeEntry[];
}

interface Folder {
  readonly folders: Map<string, Folder>;
  readonly files: string[];
}

function newFolder(): Folder {
  return { folders: new Map(), files: [] };
}

function place(root: Folder, path: string): void {
  let folder = root;
  for (const part of path.split("/").slice(0, -1)) {
    const next = folder.folders.get(part) ?? newFolder();
    folder.folders.set(part, next);
    folder = next;
  }
  folder.files.push(path);
}

/** The file a flow is defined by comes first, then the others by name. */
function byImportance(left: string, right: string): number {
  const weight = (path: string): number => (/^flow\.(dag|flex)\.ya?ml$/.test(path) ? 0 : 1);
  return weight(left) - weight(right) || left.localeCompare(right);
}

function entries(folder: Folder, prefix: string): readonly TreeEntry[] {
  const folders = [...folder.folders]
    .sort(([left], [right]) => left.localeCompare(right))
    .map(([name, inside]) => ({ name, path: prefix + name, isFolder: true, children: entries(inside, `${prefix}${name}/`) }));
  const files = [...folder.files].sort(byImportance).map((path) => ({ name: path.slice(prefix.length), path, isFolder: false, children: [] }));
  return [...folders, ...files];
}

/** A flow's files as a tree: folders first, then files, the flow's definition before all other files. */
export function fileTree(paths: readonly string[]): readonly TreeEntry[] {
  const root = newFolder();
  paths.forEach((path) => {
    place(root, path);
  });
  return entries(root, "");
}

/** The file to open first. */
export function firstFile(paths: readonly string[]): string | null {
  return [...paths].sort(byImportance)[0] ?? null;
}
