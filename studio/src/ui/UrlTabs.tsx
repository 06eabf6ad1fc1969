import { Tabs } from "@mantine/core";
import type { ReactNode } from "react";
import { useUrlState } from "@/lib/url";

export interface UrlTab {
  value: string;
  label: ReactNode;
  icon?: ReactNode;
  content: () => ReactNode;
}

interface UrlTabsProps {
  tabs: UrlTab[];
  /** The key in the address. */
  name?: string;
  /** The open tab takes the height that is left and scrolls by itself. */
  fill?: boolean;
  /** The one that is open where the address says none; the first of them if it is not given. */
  first?: string;
}

/** Tabs whose choice is in the address, so that each has one. */
export function UrlTabs({ tabs, name = "tab", fill = false, first = tabs[0]?.value ?? "" }: UrlTabsProps) {
  const [value, setValue] = useUrlState(name, first, true);
  const open = tabs.find((tab) => tab.value === value) ?? tabs[0];
  return (
    <Tabs value={open?.value ?? null} onChange={setValue} {...(fill ? { style: { flex: 1, minHeight: 0, display: "flex", flexDirection: "column" } } : {})}>
      <Tabs.List>
        {tabs.map((tab) => (
          <Tabs.Tab key={tab.value} value={tab.value} leftSection={tab.icon} fz="sm" fw={500}>
            {tab.label}
          </Tabs.Tab>
        ))}
      </Tabs.List>
      {open && (
        <Tabs.Panel value={open.value} pt="md" {...(fill ? { style: { flex: 1, minHeight: 0, overflow: "auto" } } : {})}>
          {open.content()}
        </Tabs.Panel>
      )}
    </Tabs>
  );
}
