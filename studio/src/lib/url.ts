import { useNavigate, useSearch } from "@tanstack/react-router";
import { useCallback } from "react";

/** The query of an address: plain text values, nothing is parsed. */
export type UrlSearch = Record<string, string | undefined>;

/** Reads an address's query for the router. */
export function parseSearch(text: string): UrlSearch {
  return Object.fromEntries(new URLSearchParams(text));
}

/** Writes an address's query for the router; what is empty is left out. */
export function stringifySearch(search: Record<string, unknown>): string {
  const params = new URLSearchParams();
  for (const [key, value] of Object.entries(search)) {
    if (typeof value === "string" && value !== "") params.set(key, value);
    else if (typeof value === "number" || typeof value === "boolean") params.set(key, String(value));
  }
  const text = params.toString();
  return text ? `?${text}` : "";
}

/**
 * A piece of view state that lives in the address: `?key=value`. The fallback is not written down. Setting replaces the
 * history entry unless `push` is set.
 */
export function useUrlState(key: string, fallback = "", push = false): [string, (value: string | null) => void] {
  const search = useSearch({ strict: false });
  const navigate = useNavigate();
  const value = (search as UrlSearch)[key] ?? fallback;
  const set = useCallback(
    (next: string | null) => {
      const change = (before: UrlSearch): UrlSearch => ({ ...before, [key]: next === null || next === fallback ? undefined : next });
      void navigate({ to: ".", search: change as never, replace: !push });
    },
    [navigate, key, fallback, push],
  );
  return [value, set];
}
