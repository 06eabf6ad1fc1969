import { ActionIcon, Button, Popover, Stack, Text, TextInput, Tooltip } from "@mantine/core";
import { IconFilePlus } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { flows } from "@/api/flows";
import { useRights } from "@/api/useRights";
import { useUrlState } from "@/lib/url";
import { useWorkspace } from "@/lib/workspace";
import { ErrorPanel } from "@/ui/ErrorPanel";
import { Loaded } from "@/ui/Loaded";
import { useFileDrafts } from "../hooks/useFileDrafts";
import { filePathProblem } from "../logic/flowNames";
import { fileTree, firstFile } from "../logic/fileTree";
import type { Finding, FlowFile } from "../model";
import { FileEditor } from "./FileEditor";
import classes from "./FilesTab.module.css";
import { FileTree } from "./FileTree";

const DISK_POLL_MS = 3000;

interface NewFileProps {
  readonly flow: string;
  readonly taken: readonly string[];
  readonly onMade: (path: string) => void;
}

function NewFile({ flow, taken, onMade }: NewFileProps) {
  const workspace = useWorkspace();
  const client = useQueryClient();
  const [opened, setOpened] = useState(false);
  const [path, setPath] = useState("");
  const problem = filePathProblem(path, taken);
  const make = useMutation({
    mutationFn: () => flows.writeFile(workspace, flow, path, "", null),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: flows.files(workspace, flow).queryKey });
      setOpened(false);
      setPath("");
      onMade(path);
    },
  });
  return (
    <Popover opened={opened} onChange={setOpened} position="bottom-start" trapFocus width={300}>
      <Popover.Target>
        <Tooltip label="New file">
          <ActionIcon
            aria-label="New file"
            onClick={() => {
              setOpened(!opened);
            }}
          >
            <IconFilePlus size={16} />
          </ActionIcon>
        </Tooltip>
      </Popover.Target>
      <Popover.Dropdown>
        <form
          onSubmit={(event) => {
            event.preventDefault();
            if (problem === null) make.mutate();
          }}
        >
          <Stack gap="sm">
            <TextInput
              label="Path of the new file"
              placeholder="prompts/answer.jinja2"
              value={path}
              error={path === "" ? null : problem}
              data-autofocus
              onChange={(event) => {
                setPath(event.currentTarget.value);
              }}
            />
            {make.error && <ErrorPanel error={make.error} />}
            <Button type="submit" size="compact-md" loading={make.isPending} disabled={problem !== null}>
              Make file
            </Button>
          </Stack>
        </form>
      </Popover.Dropdown>
    </Popover>
  );
}

interface WorkbenchProps {
  readonly flow: string;
  readonly files: readonly FlowFile[];
  readonly findings: readonly Finding[];
}

function Workbench({ flow, files, findings }: WorkbenchProps) {
  const workspace = useWorkspace();
  const { write } = useRights(workspace);
  const drafts = useFileDrafts(workspace, flow);
  const [chosen, choose] = useUrlState("file", "", true);
  const [line] = useUrlState("line");
  const path = files.some((file) => file.path === chosen) ? chosen : firstFile(files);
  return (
    <div className={classes.frame}>
      <nav className={classes.tree} aria-label="Files of the flow">
        <div className={classes.treeHead}>
          <Text fw={600} size="sm" flex={1}>
            Files
          </Text>
          {write && <NewFile flow={flow} taken={files.map((file) => file.path)} onMade={choose} />}
        </div>
        <FileTree entries={fileTree(files)} selected={path} unsaved={new Set(Object.keys(drafts.drafts))} findings={findings} onSelect={choose} />
      </nav>
      <div className={classes.editor}>
        {path === null ? (
          <Text c="dimmed" p="md">
            The flow has no files.
          </Text>
        ) : (
          <FileEditor
            key={path}
            flow={flow}
            path={path}
            drafts={drafts}
            findings={findings}
            line={chosen === path && line !== "" ? Number(line) : null}
            onGone={() => {
              choose(null);
            }}
          />
        )}
      </div>
    </div>
  );
}

/** The files of a flow, and an editor for the one that is chosen. What is on disk is looked at all the while. */
export function FilesTab({ flow, findings }: { readonly flow: string; readonly findings: readonly Finding[] }) {
  const workspace = useWorkspace();
  const query = useQuery({ ...flows.files(workspace, flow), refetchInterval: DISK_POLL_MS });
  return <Loaded query={query}>{({ items }) => <Workbench flow={flow} files={items} findings={findings} />}</Loaded>;
}
