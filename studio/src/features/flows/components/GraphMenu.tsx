import { ActionIcon, Kbd, Menu } from "@mantine/core";
import { IconClipboard, IconCopy, IconCopyPlus, IconDots, IconPencil, IconPlus, IconSelectAll, IconTrash } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { GuardedItem } from "@/ui/GuardedButton";

/** What can be done to the graph, by its menus and its keys. */
export interface GraphActions {
  /** Why nothing can be changed; null: it can. */
  readonly fixed: string | null;
  readonly add: () => void;
  readonly rename: (node: string) => void;
  /** The last three are about the nodes that are selected. */
  readonly copy: () => void;
  readonly duplicate: () => void;
  readonly remove: () => void;
  readonly paste: () => void;
  readonly selectAll: () => void;
}

interface ItemProps {
  readonly icon: ReactNode;
  readonly keys?: string;
  readonly off?: string | null;
  readonly color?: string;
  readonly onClick: () => void;
  readonly children: string;
}

function Item({ icon, keys, off = null, color, onClick, children }: ItemProps) {
  return (
    <GuardedItem
      off={off}
      leftSection={icon}
      onClick={onClick}
      {...(color === undefined ? {} : { color })}
      {...(keys === undefined ? {} : { rightSection: <Kbd size="xs">{keys}</Kbd>, "aria-keyshortcuts": keys.replace("Ctrl", "Control") })}
    >
      {children}
    </GuardedItem>
  );
}

/** What can be done to the nodes that are selected; renaming only where it is one. */
export function NodeItems({ actions, node }: { readonly actions: GraphActions; readonly node: string | null }) {
  return (
    <>
      {node !== null && (
        <Item icon={<IconPencil size={15} />} off={actions.fixed} onClick={() => { actions.rename(node); }}>
          Rename
        </Item>
      )}
      <Item icon={<IconCopy size={15} />} keys="Ctrl+C" onClick={actions.copy}>
        Copy
      </Item>
      <Item icon={<IconCopyPlus size={15} />} keys="Ctrl+D" off={actions.fixed} onClick={actions.duplicate}>
        Duplicate
      </Item>
      <Item icon={<IconTrash size={15} />} keys="Delete" off={actions.fixed} color="var(--fy-bad)" onClick={actions.remove}>
        Delete
      </Item>
    </>
  );
}

/** What can be done to the graph as a whole. */
export function CanvasItems({ actions }: { readonly actions: GraphActions }) {
  return (
    <>
      <Item icon={<IconPlus size={15} />} keys="A" off={actions.fixed} onClick={actions.add}>
        Add node
      </Item>
      <Item icon={<IconClipboard size={15} />} keys="Ctrl+V" off={actions.fixed} onClick={actions.paste}>
        Paste
      </Item>
      <Item icon={<IconSelectAll size={15} />} keys="Ctrl+A" onClick={actions.selectAll}>
        Select all nodes
      </Item>
    </>
  );
}

/** Three points that open a menu; `label` names it. */
export function DotsMenu({ label, children }: { readonly label: string; readonly children: ReactNode }) {
  return (
    <Menu position="bottom-end" width={240}>
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" aria-label={label}>
          <IconDots size={16} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>{children}</Menu.Dropdown>
    </Menu>
  );
}

/** Where somebody asked for a menu with the right button: on a node, or beside all of them. */
export interface MenuPlace {
  readonly x: number;
  readonly y: number;
  readonly isNode: boolean;
}

/** The menu at the pointer. */
export function PointerMenu({ at, onClose, children }: { readonly at: MenuPlace; readonly onClose: () => void; readonly children: ReactNode }) {
  return (
    <Menu opened onClose={onClose} width={240} position="bottom-start" offset={2}>
      <Menu.Target>
        <button type="button" tabIndex={-1} aria-label="Graph menu at the pointer" style={{ position: "fixed", left: at.x, top: at.y, width: 1, height: 1, padding: 0, border: 0, opacity: 0 }} />
      </Menu.Target>
      <Menu.Dropdown>{children}</Menu.Dropdown>
    </Menu>
  );
}
