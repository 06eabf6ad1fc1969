import { ActionIcon, Button, Group, Popover, Stack, Text, TextInput, UnstyledButton } from "@mantine/core";
import { TIME_RANGES } from "@/lib/timeRange";
import { useLocalStorage } from "@mantine/hooks";
import { IconBookmark, IconCheck, IconPencil, IconTrash } from "@tabler/icons-react";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import { useWorkspace } from "@/lib/workspace";
import { filtersOf, LONGEST_NAME, nameProblem, readViews, renamed, sameFilters, type SavedView, withoutView, withView } from "../logic/views";
import classes from "./SavedViews.module.css";

/** What a view asks for, in a line. */
function saying({ search }: SavedView): string {
  const { q, range, ...others } = search;
  const period = TIME_RANGES.find((each) => each.value === range)?.label;
  return [q, ...Object.entries(others).map(([key, value]) => `${key}: ${value}`), period].filter(Boolean).join(" · ") || "All traces";
}

interface NameFormProps {
  readonly label: string;
  readonly initial: string;
  readonly action: string;
  readonly problem: (name: string) => string | null;
  readonly onName: (name: string) => void;
}

function NameForm({ label, initial, action, problem, onName }: NameFormProps) {
  const [name, setName] = useState(initial);
  const [error, setError] = useState<string | null>(null);
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        const found = problem(name);
        setError(found);
        if (found === null) onName(name.trim());
      }}
    >
      <Group gap={6} align="flex-start" wrap="nowrap">
        <TextInput
          style={{ flex: 1 }}
          size="xs"
          aria-label={label}
          placeholder="Name of the view"
          maxLength={LONGEST_NAME}
          value={name}
          error={error}
          data-autofocus
          onChange={(event) => {
            setName(event.currentTarget.value);
            setError(null);
          }}
        />
        <Button type="submit" size="xs">
          {action}
        </Button>
      </Group>
    </form>
  );
}

interface LineProps {
  readonly view: SavedView;
  readonly current: boolean;
  readonly onApply: () => void;
  readonly onRename: () => void;
  readonly onDelete: () => void;
}

function Line({ view, current, onApply, onRename, onDelete }: LineProps) {
  return (
    <Group gap={4} wrap="nowrap" component="li">
      <UnstyledButton className={classes.view} aria-current={current || undefined} onClick={onApply}>
        <span className={classes.name} title={view.name}>
          {view.name}
          {current && <IconCheck size={13} aria-hidden />}
        </span>
        <span className={classes.saying} title={saying(view)}>
          {saying(view)}
        </span>
      </UnstyledButton>
      <ActionIcon size="sm" c="dimmed" aria-label={`Rename ${view.name}`} onClick={onRename}>
        <IconPencil size={14} />
      </ActionIcon>
      <ActionIcon size="sm" c="dimmed" aria-label={`Delete ${view.name}`} onClick={onDelete}>
        <IconTrash size={14} />
      </ActionIcon>
    </Group>
  );
}

/** Filters under a name, kept in this browser for the workspace. */
export function SavedViews() {
  const workspace = useWorkspace();
  const navigate = useNavigate();
  const now = filtersOf(useSearch({ strict: false }));
  const [views, keep] = useLocalStorage<readonly SavedView[]>({
    key: `flowyard-views-traces-${workspace}`,
    defaultValue: [],
    getInitialValueInEffect: false,
    serialize: (value) => JSON.stringify(value),
    deserialize: readViews,
  });
  const [opened, setOpened] = useState(false);
  const [renaming, setRenaming] = useState<string | null>(null);
  const current = views.find((view) => sameFilters(view.search, now));
  const apply = (view: SavedView): void => {
    setOpened(false);
    void navigate({ to: ".", search: view.search as never });
  };
  return (
    <Popover opened={opened} onChange={setOpened} position="bottom-start" width={340} trapFocus returnFocus>
      <Popover.Target>
        <Button
          size="compact-md"
          variant="default"
          fw={500}
          fz={13}
          leftSection={<IconBookmark size={14} />}
          aria-expanded={opened}
          onClick={() => {
            setOpened(!opened);
            setRenaming(null);
          }}
        >
          <span className={classes.current}>{current ? current.name : "Views"}</span>
        </Button>
      </Popover.Target>
      <Popover.Dropdown>
        <Stack gap={10}>
          {views.length === 0 ? (
            <Text size="sm" c="dimmed">
              No saved views yet. A view keeps the search, the time and the filters under a name, in this browser.
            </Text>
          ) : (
            <ul className={classes.list} aria-label="Saved views">
              {views.map((view) =>
                view.name === renaming ? (
                  <li key={view.name}>
                    <NameForm
                      label={`New name of ${view.name}`}
                      initial={view.name}
                      action="Rename"
                      problem={(name) => nameProblem(views, name, view.name)}
                      onName={(name) => {
                        keep(renamed(views, view.name, name));
                        setRenaming(null);
                      }}
                    />
                  </li>
                ) : (
                  <Line
                    key={view.name}
                    view={view}
                    current={view === current}
                    onApply={() => apply(view)}
                    onRename={() => setRenaming(view.name)}
                    onDelete={() => keep(withoutView(views, view.name))}
                  />
                ),
              )}
            </ul>
          )}
          {Object.keys(now).length === 0 ? (
            <Text size="xs" c="dimmed">
              Set a search, a time or a filter to save it as a view.
            </Text>
          ) : (
            !current && (
              <NameForm
                label="Name of the new view"
                initial=""
                action="Save view"
                problem={(name) => nameProblem(views, name)}
                onName={(name) => keep(withView(views, { name, search: now }))}
              />
            )
          )}
        </Stack>
      </Popover.Dropdown>
    </Popover>
  );
}
