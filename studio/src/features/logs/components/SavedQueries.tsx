import { ActionIcon, Button, Group, Popover, Stack, Text, TextInput, UnstyledButton } from "@mantine/core";
import { useLocalStorage } from "@mantine/hooks";
import { IconBookmark, IconTrash } from "@tabler/icons-react";
import { useState } from "react";
import { useWorkspace } from "@/lib/workspace";
import { LONGEST_NAME, readSaved, type SavedQuery, withoutQuery, withQuery } from "../logic/saved";
import classes from "./Logs.module.css";

interface SavedQueriesProps {
  /** What is written now. */
  readonly text: string;
  readonly onChoose: (query: string) => void;
}

/** Queries under a name, kept in this browser for the workspace. */
export function SavedQueries({ text, onChoose }: SavedQueriesProps) {
  const workspace = useWorkspace();
  const [saved, keep] = useLocalStorage<readonly SavedQuery[]>({
    key: `flowyard-queries-${workspace}`,
    defaultValue: [],
    getInitialValueInEffect: false,
    serialize: (value) => JSON.stringify(value),
    deserialize: readSaved,
  });
  const [opened, setOpened] = useState(false);
  const [name, setName] = useState("");
  const taken = saved.some((each) => each.name === name.trim());
  return (
    <Popover opened={opened} onChange={setOpened} position="bottom-end" width={340} trapFocus returnFocus>
      <Popover.Target>
        <Button variant="default" leftSection={<IconBookmark size={15} />} aria-expanded={opened} onClick={() => setOpened(!opened)}>
          Saved
        </Button>
      </Popover.Target>
      <Popover.Dropdown>
        <Stack gap={10}>
          {saved.length === 0 ? (
            <Text size="sm" c="dimmed">
              No saved queries yet. What is written in the editor can be kept under a name, in this browser.
            </Text>
          ) : (
            <ul className={classes.saved} aria-label="Saved queries">
              {saved.map((each) => (
                <Group key={each.name} component="li" gap={4} wrap="nowrap">
                  <UnstyledButton
                    className={classes.query}
                    title={each.query}
                    onClick={() => {
                      onChoose(each.query);
                      setOpened(false);
                    }}
                  >
                    {each.name}
                  </UnstyledButton>
                  <ActionIcon size="sm" c="dimmed" aria-label={`Delete ${each.name}`} onClick={() => keep(withoutQuery(saved, each.name))}>
                    <IconTrash size={14} />
                  </ActionIcon>
                </Group>
              ))}
            </ul>
          )}
          <form
            onSubmit={(event) => {
              event.preventDefault();
              if (name.trim() === "" || text.trim() === "") return;
              keep(withQuery(saved, { name: name.trim(), query: text }));
              setName("");
            }}
          >
            <Group gap={6} wrap="nowrap">
              <TextInput size="xs" style={{ flex: 1 }} aria-label="Name of the query" placeholder="Name for what is written" maxLength={LONGEST_NAME} value={name} data-autofocus onChange={(event) => setName(event.currentTarget.value)} />
              <Button type="submit" size="xs" disabled={name.trim() === "" || text.trim() === ""}>
                {taken ? "Replace" : "Save"}
              </Button>
            </Group>
          </form>
        </Stack>
      </Popover.Dropdown>
    </Popover>
  );
}
