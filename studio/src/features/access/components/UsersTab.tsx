import { ActionIcon, Group, Menu, Select, Stack, Text } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { IconDots, IconLink, IconPlus, IconUserMinus } from "@tabler/icons-react";
import { useMemo, useState } from "react";
import { accessTags, session, users } from "@/api/identity";
import type { Role, User } from "@/api/types";
import { useRights, whyNoOwner } from "@/api/useRights";
import { formatExact } from "@/lib/format";
import { useWorkspace } from "@/lib/workspace";
import { ConfirmDelete } from "@/ui/ConfirmDelete";
import { type Column, DataTable } from "@/ui/DataTable";
import { ErrorPanel } from "@/ui/ErrorPanel";
import { RelativeTime } from "@/ui/figures";
import { GuardedButton, GuardedItem } from "@/ui/GuardedButton";
import { Loaded } from "@/ui/Loaded";
import { TableSkeleton } from "@/ui/Skeletons";
import { asRole, ROLE_OPTIONS } from "../roles";
import { type AccessTagsOf, useAccessTags } from "../hooks/useAccessTags";
import { AccessTagsField } from "./AccessTagsField";
import { NewUser } from "./NewUser";
import { ShownOnce } from "@/ui/ShownOnce";

interface UserActions {
  /** Why roles are not changed; null: they are. */
  off: string | null;
  me: string | undefined;
  tags: AccessTagsOf;
  setRole: (user: User, role: Role) => void;
  makeLink: (user: User) => void;
  remove: (user: User) => void;
}

function columnsOf({ off, me, tags, setRole, makeLink, remove }: UserActions): Column<User>[] {
  return [
    { id: "name", header: "Name", value: (user) => user.name, cell: (user) => <Text span inherit fw={500}>{user.name}{user.name === me && <Text span inherit c="dimmed" fw={400}> (you)</Text>}</Text> },
    {
      id: "role",
      header: "Role",
      value: (user) => user.role,
      width: 180,
      cell: (user) => (
        <Select
          aria-label={`Role of ${user.name}`}
          size="xs"
          w={150}
          data={ROLE_OPTIONS}
          value={user.role}
          allowDeselect={false}
          {...(off === null ? {} : { readOnly: true, variant: "filled", title: off, "aria-description": off })}
          onChange={(value) => {
            const role = asRole(value);
            if (role && role !== user.role) setRole(user, role);
          }}
        />
      ),
    },
    ...(tags.shown ? [{ id: "tags", header: "Access tags", value: (user: User) => tags.of("user", user.name)?.tags.join(", ") ?? "", cell: (user: User) => <AccessTagsField tags={tags} holder={tags.of("user", user.name)} editable={off === null} /> }] : []),
    { id: "seen", header: "Last seen", align: "right", value: (user) => (user.last_seen_at ? Date.parse(user.last_seen_at) : null), cell: (user) => <RelativeTime value={user.last_seen_at} fallback="never" />, width: 140 },
    { id: "since", header: "Since", align: "right", value: (user) => Date.parse(user.created_at), cell: (user) => <RelativeTime value={user.created_at} />, width: 140 },
    {
      id: "more",
      header: "",
      sortable: false,
      align: "right",
      width: 50,
      value: () => null,
      cell: (user) => (
        <Menu position="bottom-end">
          <Menu.Target>
            <ActionIcon aria-label={`More for ${user.name}`}>
              <IconDots size={16} />
            </ActionIcon>
          </Menu.Target>
          <Menu.Dropdown>
            <GuardedItem off={off} fz="sm" leftSection={<IconLink size={15} />} onClick={() => makeLink(user)}>
              Make a sign-in link
            </GuardedItem>
            <GuardedItem off={off} fz="sm" color="red" leftSection={<IconUserMinus size={15} />} onClick={() => remove(user)}>
              Remove from workspace
            </GuardedItem>
          </Menu.Dropdown>
        </Menu>
      ),
    },
  ];
}

/** People of the workspace. */
export function UsersTab() {
  const workspace = useWorkspace();
  const client = useQueryClient();
  const list = useQuery(users.list(workspace));
  const me = useQuery(session.me());
  const [adding, setAdding] = useState(false);
  const [removing, setRemoving] = useState<User>();
  const refresh = async () => {
    await client.invalidateQueries({ queryKey: users.list(workspace).queryKey });
    await client.invalidateQueries({ queryKey: accessTags.list(workspace).queryKey });
  };
  const role = useMutation({ mutationFn: ({ user, to }: { user: User; to: Role }) => users.update(workspace, user.name, to), onSettled: refresh });
  const link = useMutation({ mutationFn: (user: User) => users.link(workspace, user.name) });
  const { mutate: setRole } = role;
  const { mutate: makeLink } = link;
  const self = me.data?.kind === "user" ? me.data.name : undefined;
  const off = whyNoOwner(useRights(workspace));
  const tags = useAccessTags();
  const columns = useMemo(
    () => columnsOf({ off, me: self, tags, setRole: (user, to) => setRole({ user, to }), makeLink, remove: setRemoving }),
    [off, self, tags, setRole, makeLink],
  );
  return (
    <Stack gap="md">
      <Group justify="flex-end">
        <GuardedButton off={off} leftSection={<IconPlus size={16} />} onClick={() => setAdding(true)}>
          Add a person
        </GuardedButton>
      </Group>
      {role.error && <ErrorPanel error={role.error} />}
      {tags.error && <ErrorPanel error={tags.error} />}
      {link.error && <ErrorPanel error={link.error} />}
      <Loaded query={list} skeleton={<TableSkeleton rows={3} columns={4} />}>
        {({ items }) => <DataTable plain name="users" columns={columns} rows={items} rowId={(user) => user.name} defaultSort="name" />}
      </Loaded>
      <NewUser
        opened={adding}
        onClose={() => setAdding(false)}
        workspace={workspace}
        onCreated={async (user) => {
          await refresh();
          makeLink(user);
        }}
      />
      <ShownOnce
        title={`Sign-in link for ${link.variables?.name ?? ""}`}
        text={link.data ? `It works once, until ${formatExact(link.data.expires_at)}. Send it to nobody else: whoever opens it is signed in as this person.` : ""}
        secret={link.data?.url}
        onClose={link.reset}
      />
      <ConfirmDelete
        opened={removing !== undefined}
        onClose={() => setRemoving(undefined)}
        what={removing?.name ?? ""}
        action="Remove"
        consequence="They are signed out at once and cannot enter this workspace any more. What they made stays."
        onConfirm={async () => {
          if (removing) await users.remove(workspace, removing.name);
          await refresh();
        }}
      />
    </Stack>
  );
}
