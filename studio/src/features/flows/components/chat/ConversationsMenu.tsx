import { ActionIcon, Button, Group, Menu, Modal, Stack, Text, TextInput } from "@mantine/core";
import { IconHistory, IconPencil, IconPlus, IconTrash } from "@tabler/icons-react";
import { useState } from "react";
import { ConfirmDelete } from "@/ui/ConfirmDelete";
import { RelativeTime } from "@/ui/figures";
import type { Conversations } from "../../hooks/useConversations";
import { type Conversation, titleOf } from "../../logic/conversations";

function RenameConversation({ one, onClose, onRename }: { readonly one: Conversation; readonly onClose: () => void; readonly onRename: (name: string) => void }) {
  const [name, setName] = useState(titleOf(one));
  return (
    <Modal opened onClose={onClose} title={<Text fw={600}>Name the conversation</Text>} size={440}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          onRename(name);
          onClose();
        }}
      >
        <Stack gap="md">
          <TextInput label="Name" value={name} data-autofocus onChange={(event) => { setName(event.currentTarget.value); }} />
          <Group justify="flex-end" gap="sm">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit">Name it</Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}

/** The conversations that are kept: to open, name and delete, and a new one. */
export function ConversationsMenu({ conversations }: { readonly conversations: Conversations }) {
  const { all, current, open, begin, rename, remove } = conversations;
  const [asking, ask] = useState<{ readonly what: "rename" | "delete"; readonly one: Conversation } | null>(null);
  const shown = all.find(({ id }) => id === current);
  const close = () => {
    ask(null);
  };
  return (
    <Group gap={4} wrap="nowrap">
      <Menu position="bottom-start" width={340}>
        <Menu.Target>
          <Button size="compact-sm" variant="subtle" color="gray" leftSection={<IconHistory size={14} />} maw={320} {...(shown ? { "aria-label": `Conversations: ${titleOf(shown)}` } : {})}>
            <span className="fy-truncate" style={{ lineHeight: 1.5 }}>{shown ? titleOf(shown) : "Conversations"}</span>
          </Button>
        </Menu.Target>
        <Menu.Dropdown mah={400} style={{ overflowY: "auto" }}>
          <Menu.Item leftSection={<IconPlus size={15} />} onClick={begin}>
            New conversation
          </Menu.Item>
          <Menu.Label>{all.length === 0 ? "None is kept yet." : "Kept in this browser"}</Menu.Label>
          {all.map((each) => (
            <Menu.Item key={each.id} onClick={() => { open(each.id); }} {...(each.id === current ? { "aria-current": "true" as const, fw: 600 } : {})}>
              <div className="fy-truncate">{titleOf(each)}</div>
              <Text size="xs" c="dimmed">
                <RelativeTime value={each.at} inherit />
              </Text>
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
      {shown && (
        <>
          <ActionIcon variant="subtle" color="gray" aria-label="Name the conversation" onClick={() => { ask({ what: "rename", one: shown }); }}>
            <IconPencil size={15} />
          </ActionIcon>
          <ActionIcon variant="subtle" color="gray" aria-label="Delete the conversation" onClick={() => { ask({ what: "delete", one: shown }); }}>
            <IconTrash size={15} />
          </ActionIcon>
        </>
      )}
      {asking?.what === "rename" && <RenameConversation one={asking.one} onClose={close} onRename={(name) => { rename(asking.one.id, name); }} />}
      <ConfirmDelete
        opened={asking?.what === "delete"}
        onClose={close}
        what="the conversation"
        consequence="It is kept in this browser only, so it does not come back. The traces of its answers stay."
        onConfirm={async () => {
          if (asking) remove(asking.one.id);
          return Promise.resolve();
        }}
      />
    </Group>
  );
}
