import { Popover, Stack, Text, TextInput } from "@mantine/core";
import { IconFilePlus } from "@tabler/icons-react";
import { useState } from "react";
import { useUrlState } from "@/lib/url";
import { GuardedButton, GuardedIcon } from "@/ui/GuardedButton";
import { useFlow } from "../hooks/useFlowDocument";
import { fileTree, firstFile } from "../logic/fileTree";
import { filePathProblem } from "../logic/flowNames";
import type { Finding } from "../model";
import { FileEditor } from "./FileEditor";
import classes from "./FilesTab.module.css";
import { FileTree } from "./FileTree";

function NewFile({ onMade }: { readonly onMade: (path: string) => void }) {
  const document = useFlow();
  const [opened, setOpened] = useState(false);
  const [path, setPath] = useState("");
  const problem = filePathProblem(path, document.paths);
  return (
    <Popover opened={opened} onChange={setOpened} position="bottom-start" trapFocus width={300} withRoles={false}>
      <Popover.Target>
        <span>
          <GuardedIcon label="New file" off={document.readOnly} onClick={() => setOpened(!opened)}>
            <IconFilePlus size={16} />
          </GuardedIcon>
        </span>
      </Popover.Target>
      <Popover.Dropdown role="dialog" aria-label="New file">
        <form
          onSubmit={(event) => {
            event.preventDefault();
            if (problem !== null) return;
            document.editFiles(`Make ${path}`, { [path]: "" });
            setOpened(false);
            setPath("");
            onMade(path);
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
            <GuardedButton type="submit" size="compact-md" off={problem}>
              Make file
            </GuardedButton>
          </Stack>
        </form>
      </Popover.Dropdown>
    </Popover>
  );
}

/** The files of a flow, and an editor for the one that is chosen. */
export function FilesTab({ flow, findings }: { readonly flow: string; readonly findings: readonly Finding[] }) {
  const { paths, unsaved, conflicts } = useFlow();
  const [chosen, choose] = useUrlState("file", "", true);
  const [line] = useUrlState("line");
  const all = [...new Set([...paths, ...Object.keys(conflicts)])];
  const path = all.includes(chosen) ? chosen : firstFile(all);
  return (
    <div className={classes.frame}>
      <nav className={classes.tree} aria-label="Files of the flow">
        <div className={classes.treeHead}>
          <Text fw={600} size="sm" flex={1}>
            Files
          </Text>
          <NewFile onMade={choose} />
        </div>
        <FileTree entries={fileTree(all)} selected={path} unsaved={unsaved} findings={findings} onSelect={choose} />
      </nav>
      <div className={classes.editor}>
        {path === null ? (
          <Text c="dimmed" p="md">
            The flow has no files.
          </Text>
        ) : (
          <FileEditor key={path} flow={flow} path={path} findings={findings} line={chosen === path && line !== "" ? Number(line) : null} />
        )}
      </div>
    </div>
  );
}
