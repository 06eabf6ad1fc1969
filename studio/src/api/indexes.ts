import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { http, unwrap } from "./client";
import type { ChunkPreviewCreate, IndexBuild, IndexMeasurementCreate, IndexQuery, IndexTuningCreate, IndexVersion, Job, QuestionGeneration, TuningAdoption, TuningAdoptionCreate } from "./types";

const all = "/api/v1/workspaces/{workspace}/indexes";
const of = (workspace: string, name: string) => ({ params: { path: { workspace, name } } });

/** So many documents come at once. */
const PAGE = 100;

/** Query keys and requests of indexes of documents. */
export const indexes = {
  list: (workspace: string) =>
    queryOptions({
      queryKey: ["indexes", workspace, "list"],
      queryFn: ({ signal }) => unwrap(http.GET(all, { params: { path: { workspace } }, signal })),
    }),
  get: (workspace: string, name: string) =>
    queryOptions({
      queryKey: ["indexes", workspace, name],
      queryFn: ({ signal }) => unwrap(http.GET(`${all}/{name}`, { ...of(workspace, name), signal })),
    }),
  versions: (workspace: string, name: string) =>
    queryOptions({
      queryKey: ["indexes", workspace, name, "versions"],
      queryFn: ({ signal }) => unwrap(http.GET(`${all}/{name}/versions`, { ...of(workspace, name), signal })),
    }),
  /** The documents of a version, page by page; `unread`: only those that could not be read, or only others. */
  documents: (workspace: string, name: string, version: string, unread: boolean | null) =>
    infiniteQueryOptions({
      queryKey: ["indexes", workspace, name, version, "documents", unread],
      queryFn: ({ signal, pageParam }) => {
        const query = { limit: PAGE, ...(unread === null ? {} : { unread }), ...(pageParam === null ? {} : { cursor: pageParam }) };
        return unwrap(http.GET(`${all}/{name}/versions/{version}/documents`, { params: { path: { workspace, name, version }, query }, signal }));
      },
      initialPageParam: null as string | null,
      getNextPageParam: (last) => last.next_cursor ?? null,
    }),
  /** Which of the documents that questions name a version has no text of. */
  missing: (workspace: string, name: string, version: string, documents: readonly string[]) =>
    queryOptions({
      queryKey: ["indexes", workspace, name, version, "missing", documents],
      queryFn: ({ signal }) =>
        unwrap(http.POST(`${all}/{name}/versions/{version}/documents/missing`, { params: { path: { workspace, name, version } }, body: { documents: [...documents] }, signal })),
      enabled: documents.length > 0,
    }),
  chunks: (workspace: string, name: string, version: string, document: string) =>
    queryOptions({
      queryKey: ["indexes", workspace, name, version, "chunks", document],
      queryFn: ({ signal }) => unwrap(http.GET(`${all}/{name}/versions/{version}/chunks`, { params: { path: { workspace, name, version }, query: { document } }, signal })),
    }),
  diff: (workspace: string, name: string, before: string, after: string) =>
    queryOptions({
      queryKey: ["indexes", workspace, name, "diff", before, after],
      queryFn: ({ signal }) => unwrap(http.GET(`${all}/{name}/diff`, { params: { path: { workspace, name }, query: { before, after } }, signal })),
    }),
  search: (workspace: string, name: string, query: IndexQuery) =>
    queryOptions({
      queryKey: ["indexes", workspace, name, "search", query],
      queryFn: ({ signal }) => unwrap(http.POST(`${all}/{name}/search`, { ...of(workspace, name), body: query, signal })),
      staleTime: 60_000,
      retry: false,
    }),
  /** A few of what each step of a build gave; there is nothing before it begins. */
  samples: (workspace: string, name: string, job: string) =>
    queryOptions({
      queryKey: ["indexes", workspace, name, "builds", job],
      queryFn: ({ signal }) => unwrap(http.GET(`${all}/{name}/builds/{job}`, { params: { path: { workspace, name, job } }, signal })),
      retry: false,
    }),
  /** Documents of a data asset that could be cut for a preview; `like`: what their paths have in them. */
  previewable: (workspace: string, data: string, like: string) =>
    queryOptions({
      queryKey: ["indexes", workspace, "previewable", data, like],
      queryFn: ({ signal }) => unwrap(http.GET(`${all}/previews/documents`, { params: { path: { workspace }, query: { data, like } }, signal })),
      retry: false,
    }),
  /** One document cut in several ways. */
  preview: (workspace: string, asked: ChunkPreviewCreate) =>
    queryOptions({
      queryKey: ["indexes", workspace, "preview", asked],
      queryFn: ({ signal }) => unwrap(http.POST(`${all}/previews`, { params: { path: { workspace } }, body: asked, signal })),
      staleTime: Infinity,
      retry: false,
    }),
  measurements: (workspace: string, name: string) =>
    queryOptions({
      queryKey: ["indexes", workspace, name, "measurements"],
      queryFn: ({ signal }) => unwrap(http.GET(`${all}/{name}/measurements`, { ...of(workspace, name), signal })),
    }),
  measured: (workspace: string, name: string, measurement: string) =>
    infiniteQueryOptions({
      queryKey: ["indexes", workspace, name, "measurements", measurement, "questions"],
      queryFn: ({ signal, pageParam }) =>
        unwrap(http.GET(`${all}/{name}/measurements/{measurement}/questions`, { params: { path: { workspace, name, measurement }, query: { limit: PAGE, cursor: pageParam } }, signal })),
      initialPageParam: 0,
      getNextPageParam: (last) => (last.next_cursor ? Number(last.next_cursor) : null),
    }),
  compare: (workspace: string, name: string, before: string, after: string) =>
    queryOptions({
      queryKey: ["indexes", workspace, name, "compare", before, after],
      queryFn: ({ signal }) => unwrap(http.GET(`${all}/{name}/measurements/compare`, { params: { path: { workspace, name }, query: { before, after } }, signal })),
    }),
  measure: (workspace: string, name: string, body: IndexMeasurementCreate): Promise<Job> => unwrap(http.POST(`${all}/{name}/measurements`, { ...of(workspace, name), body })),
  tunings: (workspace: string, name: string) =>
    queryOptions({
      queryKey: ["indexes", workspace, name, "tunings"],
      queryFn: ({ signal }) => unwrap(http.GET(`${all}/{name}/tunings`, { ...of(workspace, name), signal })),
    }),
  tune: (workspace: string, name: string, body: IndexTuningCreate): Promise<Job> => unwrap(http.POST(`${all}/{name}/tunings`, { ...of(workspace, name), body })),
  /** Makes a flow of a trial of a search, and has the version of the index built that it asks. */
  adopt: (workspace: string, name: string, tuning: string, body: TuningAdoptionCreate): Promise<TuningAdoption> =>
    unwrap(http.POST(`${all}/{name}/tunings/{tuning}/adoptions`, { params: { path: { workspace, name, tuning } }, body })),
  /** Has a model make a question set of a version's documents. */
  generate: (workspace: string, name: string, body: QuestionGeneration): Promise<Job> => unwrap(http.POST(`${all}/{name}/questions`, { ...of(workspace, name), body })),
  build: (workspace: string, body: IndexBuild): Promise<Job> => unwrap(http.POST(all, { params: { path: { workspace } }, body })),
  label: (workspace: string, name: string, label: string, version: string): Promise<IndexVersion[]> =>
    unwrap(http.PUT(`${all}/{name}/labels/{label}`, { params: { path: { workspace, name, label } }, body: { version } })),
  remove: (workspace: string, name: string) => unwrap(http.DELETE(`${all}/{name}`, of(workspace, name))),
};
