import { ActionIcon, Button, Checkbox, Group, Popover, Stack, Text, TextInput, UnstyledButton } from "@mantine/core";
import { IconBookmark, IconTrash } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { logs } from "@/api/logs";
import type { SavedQuery, SavedQueryWrite } from "@/api/types";
import { useWorkspace } from "@/lib/workspace";
import { ErrorPanel } from "@/ui/ErrorPanel";
import { GuardedButton } from "@/ui/GuardedButton";
import classes from "./Logs.module.css";

/** The server takes no longer ones. */
const LONGEST_NAME = 80;

interface SavedQueriesProps {
  /** What is written now. */
  readonly text: string;
  readonly onChoose: (query: string) => void;
}

interface LineProps {
  readonly saved: SavedQuery;
  readonly onChoose: () => void;
  readonly onDelete: () => void;
}

function Line({ saved, onChoose, onDelete }: LineProps) {
  return (
    <Group component="li" gap={4} wrap="nowrap">
      <UnstyledButton className={classes.query} title={saved.query} onClick={onChoose}>
        {saved.name}
        {(saved.shared || !saved.mine) && (
          <Text span size="xs" c="dimmed">
            {" "}
            {saved.mine ? "shared" : `by ${saved.owner}`}
          </Text>
        )}
      </UnstyledButton>
      {saved.mine && (
        <ActionIcon size="sm" c="dimmed" aria-label={`Delete ${saved.name}`} onClick={onDelete}>
          <IconTrash size={14} />
        </ActionIcon>
      )}
    </Group>
  );
}

function useSaved() {
  const workspace = useWorkspace();
  const client = useQueryClient();
  const list = useQuery(logs.saved(workspace));
  const again = () => client.invalidateQueries({ queryKey: logs.saved(workspace).queryKey });
  const save = useMutation({ mutationFn: ({ name, ...body }: SavedQueryWrite & { readonly name: string }) => logs.save(workspace, name, body), onSuccess: again });
  const remove = useMutation({ mutationFn: (name: string) => logs.forget(workspace, name), onSuccess: again });
  return { saved: list.data?.items ?? [], error: list.error ?? save.error ?? remove.error, loaded: list.isSuccess, save, remove };
}

/** Queries under a name: one's own, and those that others share in the workspace. */
export function SavedQueries({ text, onChoose }: SavedQueriesProps) {
  const { saved, error, loaded, save, remove } = useSaved();
  const [opened, setOpened] = useState(false);
  const [name, setName] = useState("");
  const [shared, setShared] = useState(false);
  const taken = saved.some((each) => each.mine && each.name === name.trim());
  const ready = name.trim() !== "" && text.trim() !== "" && !save.isPending;
  return (
    <Popover opened={opened} onChange={setOpened} position="bottom-end" width={340} trapFocus returnFocus>
      <Popover.Target>
        <Button variant="default" leftSection={<IconBookmark size={15} />} aria-expanded={opened} onClick={() => setOpened(!opened)}>
          Saved
        </Button>
      </Popover.Target>
      <Popover.Dropdown>
        <Stack gap={10}>
          {error && <ErrorPanel error={error} />}
          {loaded && saved.length === 0 && (
            <Text size="sm" c="dimmed">
              No saved queries yet. What is written in the editor can be kept under a name.
            </Text>
          )}
          {saved.length > 0 && (
            <ul className={classes.saved} aria-label="Saved queries">
              {saved.map((each) => (
                <Line
                  key={`${each.owner} ${each.name}`}
                  saved={each}
                  onChoose={() => {
                    onChoose(each.query);
                    setOpened(false);
                  }}
                  onDelete={() => remove.mutate(each.name)}
                />
              ))}
            </ul>
          )}
          <form
            onSubmit={(event) => {
              event.preventDefault();
              if (ready) save.mutate({ name: name.trim(), query: text, shared }, { onSuccess: () => setName("") });
            }}
          >
            <Stack gap={6}>
              <Group gap={6} wrap="nowrap">
                <TextInput size="xs" style={{ flex: 1 }} aria-label="Name of the query" placeholder="Name for what is written" maxLength={LONGEST_NAME} value={name} data-autofocus onChange={(event) => setName(event.currentTarget.value)} />
                <GuardedButton type="submit" size="xs" off={text.trim() === "" ? "Write a query first." : name.trim() === "" ? "Give it a name first." : null}>
                  {taken ? "Replace" : "Save"}
                </GuardedButton>
              </Group>
              <Checkbox size="xs" label="Share it with the workspace" checked={shared} onChange={(event) => setShared(event.currentTarget.checked)} />
            </Stack>
          </form>
        </Stack>
      </Popover.Dropdown>
    </Popover>
  );
}
