import { ActionIcon, Menu, Tooltip, useComputedColorScheme, useMantineColorScheme } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { IconLogout, IconMoon, IconSearch, IconShieldLock, IconSun } from "@tabler/icons-react";
import { session } from "@/api/identity";
import type { Me } from "@/api/types";
import { JobsMenu } from "./JobsMenu";
import classes from "./Shell.module.css";

function SchemeToggle() {
  const { setColorScheme } = useMantineColorScheme();
  const scheme = useComputedColorScheme("light");
  const next = scheme === "dark" ? "light" : "dark";
  return (
    <Tooltip label={`Use the ${next} theme`}>
      <ActionIcon
        aria-label={`Use the ${next} theme`}
        onClick={() => {
          setColorScheme(next);
        }}
      >
        {scheme === "dark" ? <IconSun size={17} stroke={1.7} /> : <IconMoon size={17} stroke={1.7} />}
      </ActionIcon>
    </Tooltip>
  );
}

function UserMenu({ me, workspace }: { me: Me; workspace: string }) {
  const navigate = useNavigate();
  const client = useQueryClient();
  const role = me.workspaces.find((entry) => entry.name === workspace)?.role;
  const leave = async () => {
    await session.signOut();
    client.clear();
    await navigate({ to: "/sign-in" });
  };
  return (
    <Menu position="bottom-end" width={220}>
      <Menu.Target>
        <button type="button" className={classes.avatar} aria-label={`Signed in as ${me.name}`}>
          {me.name.slice(0, 1)}
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>
          {me.name}
          {role ? ` · ${role}` : ""}
        </Menu.Label>
        <Menu.Item
          fz="sm"
          leftSection={<IconShieldLock size={15} />}
          onClick={() => {
            void navigate({ to: "/w/$workspace/access", params: { workspace } });
          }}
        >
          Access
        </Menu.Item>
        <Menu.Item
          fz="sm"
          leftSection={<IconLogout size={15} />}
          onClick={() => {
            void leave();
          }}
        >
          Sign out
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

const MAC = /mac/i.test(typeof navigator === "undefined" ? "" : navigator.platform);

/** Palette, jobs in progress, theme, and who is signed in. */
export function TopBar({ me, workspace, onPalette }: { me: Me; workspace: string; onPalette: () => void }) {
  return (
    <header className={classes.top}>
      <button type="button" className={classes.palette} onClick={onPalette}>
        <IconSearch size={14} aria-hidden />
        Go to…
        <kbd>{MAC ? "⌘K" : "Ctrl K"}</kbd>
      </button>
      <div className={classes.space} />
      <JobsMenu workspace={workspace} me={me.name} />
      <SchemeToggle />
      <UserMenu me={me} workspace={workspace} />
    </header>
  );
}
