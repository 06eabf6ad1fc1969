/** The last part of a path. */
export function baseName(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

/** Where a dropped file goes, relative to the folder it was dropped on: with the folders it was dropped in. */
export function droppedPath(file: { readonly name: string; readonly path?: string; readonly webkitRelativePath?: string }): string {
  const given = [file.webkitRelativePath, file.path].find((each) => each !== undefined && each !== "") ?? file.name;
  return given.replace(/^(\.?\/)+/, "");
}

/** Files that were chosen or dropped, with the folders that they were in. */
export function chosenFiles(files: readonly File[]): { readonly path: string; readonly file: File }[] {
  return files.map((file) => ({ path: droppedPath(file as File & { path?: string }), file }));
}

/** What files are called together: a single one by itself, others by the folder that all are in. */
export function nameOfAll(files: readonly { readonly path: string }[]): string {
  const tops = new Set(files.map(({ path }) => path.split("/")[0] ?? ""));
  const [first = ""] = tops;
  return tops.size === 1 ? baseName(first) : "";
}
