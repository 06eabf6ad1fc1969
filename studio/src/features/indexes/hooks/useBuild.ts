import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { data } from "@/api/data";
import { indexes } from "@/api/indexes";
import { jobs } from "@/api/jobs";
import type { PathFile } from "@/api/parts";
import type { DocumentOrigin, IndexBuild } from "@/api/types";
import { useUrlState } from "@/lib/url";

/** What a build reads: files from here, which become a data asset first, an asset that there is, or what the build itself gathers. */
export type Source = { readonly files: readonly PathFile[] } | { readonly reference: string } | { readonly origin: DocumentOrigin };

/** A build with what it reads. */
export type BuildOrder = Omit<IndexBuild, "source" | "origin"> & { readonly source: Source };

/** Uploads what has to be, starts a build, and keeps its job in the address, so that it is followed after a reload, too. */
export function useBuild(workspace: string) {
  const client = useQueryClient();
  const [sent, setSent] = useState<number | null>(null);
  const [jobId, setJobId] = useUrlState("job");
  const stopper = useRef<AbortController>(undefined);
  useEffect(() => () => stopper.current?.abort(), []);
  const start = useMutation({
    mutationFn: async ({ source, ...rest }: BuildOrder) => {
      if ("reference" in source) return indexes.build(workspace, { ...rest, source: source.reference });
      if ("origin" in source) return indexes.build(workspace, { ...rest, origin: source.origin });
      const control = new AbortController();
      stopper.current = control;
      setSent(0);
      const made = await data.create(workspace, source.files, { name: `${rest.name}-documents` }, setSent, control.signal);
      await client.invalidateQueries({ queryKey: ["data", workspace] });
      return indexes.build(workspace, { ...rest, source: made.reference });
    },
    onSuccess: async (job) => {
      client.setQueryData(jobs.get(workspace, job.id).queryKey, job);
      await client.invalidateQueries({ queryKey: jobs.list(workspace).queryKey });
      setJobId(job.id);
    },
    onSettled: () => setSent(null),
  });
  return { start, sent, stop: () => stopper.current?.abort(), jobId: jobId || null, again: () => setJobId(null) };
}
