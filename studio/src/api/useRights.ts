import { useQuery } from "@tanstack/react-query";
import { session } from "./identity";
import type { Role } from "./types";

/** What to offer to whoever is signed in. The server decides; this only keeps buttons away that it would refuse. */
export interface Rights {
  role: Role | undefined;
  /** Makes and changes things: contributors and owners. */
  write: boolean;
  /** Lets people in and changes their roles: owners. */
  manage: boolean;
  /** Calls models and endpoints: all but readers. */
  invoke: boolean;
}

/** The rights in a workspace, by role. All are given until the role is known. */
export function useRights(workspace: string): Rights {
  const me = useQuery(session.me());
  const role = me.data?.workspaces.find((entry) => entry.name === workspace)?.role;
  if (role === undefined) return { role, write: true, manage: true, invoke: true };
  return { role, write: role === "owner" || role === "contributor", manage: role === "owner", invoke: role !== "reader" };
}

/** Why a button that changes something is off for whoever is signed in; null where it is on. */
export function whyReadOnly(rights: Rights): string | null {
  return rights.write ? null : `Your role here, ${rights.role ?? "unknown"}, may look and not change: ask an owner of the workspace for the role contributor.`;
}

/** Why a button for owners is off for whoever is signed in; null where it is on. */
export function whyNoOwner(rights: Rights): string | null {
  return rights.manage ? null : `Your role here is ${rights.role ?? "unknown"}: only owners of the workspace do this.`;
}
