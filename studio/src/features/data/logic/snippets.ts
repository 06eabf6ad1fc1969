/** How Python opens a file or folder of a datastore, by what its name says it is. */
export function pythonFor(uri: string): string {
  const name = uri.toLowerCase();
  if (name.endsWith(".parquet")) return `import pandas\n\nframe = pandas.read_parquet("${uri}")\nframe.head()`;
  if (/\.(csv|tsv)(\.gz)?$/.test(name)) return `import pandas\n\nframe = pandas.read_csv("${uri}"${name.includes(".tsv") ? ', sep="\\t"' : ""})\nframe.head()`;
  if (/\.(jsonl|ndjson)(\.gz)?$/.test(name)) return `import pandas\n\nframe = pandas.read_json("${uri}", lines=True)\nframe.head()`;
  if (name.endsWith("/") || name.endsWith("/paths")) return `import fsspec\n\nfiles = fsspec.filesystem("azureml")\nfor path in files.ls("${uri}", detail=False):\n    print(path)`;
  return `import fsspec\n\nwith fsspec.open("${uri}", "rb") as file:\n    print(file.read(1000))`;
}

/** How DuckDB reads it, for files with rows; null for others. */
export function duckdbFor(uri: string): string | null {
  const reader = /\.parquet$/i.test(uri) ? "read_parquet" : /\.(csv|tsv)$/i.test(uri) ? "read_csv" : /\.(jsonl|ndjson|json)$/i.test(uri) ? "read_json" : null;
  if (reader === null) return null;
  return `import duckdb, fsspec\n\nconnection = duckdb.connect()\nconnection.register_filesystem(fsspec.filesystem("azureml"))\nconnection.sql("select * from ${reader}('${uri}') limit 10")`;
}
