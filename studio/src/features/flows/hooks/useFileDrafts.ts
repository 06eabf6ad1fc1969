import { useLocalStorage } from "@mantine/hooks";
import { useCallback } from "react";
import type { FileDraft } from "../logic/drafts";

type Drafts = Record<string, FileDraft>;

const NONE: Drafts = {};

export interface FileDrafts {
  readonly drafts: Readonly<Drafts>;
  /** Keeps unsaved text of a file; undefined drops it. */
  readonly put: (path: string, draft: FileDraft | undefined) => void;
}

/** The unsaved texts of a flow's files, kept in this browser: a reload, a lost server or another tab loses none. */
export function useFileDrafts(workspace: string, flow: string): FileDrafts {
  const [drafts, setDrafts] = useLocalStorage<Drafts>({
    key: `flowyard-drafts/${workspace}/${flow}`,
    defaultValue: NONE,
    getInitialValueInEffect: false,
  });
  const put = useCallback(
    (path: string, draft: FileDraft | undefined) => {
      setDrafts((before) => {
        const rest = Object.fromEntries(Object.entries(before).filter(([name]) => name !== path));
        return draft ? { ...rest, [path]: draft } : rest;
      });
    },
    [setDrafts],
  );
  return { drafts, put };
}
