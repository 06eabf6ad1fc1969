import { useEffect, useReducer } from "react";

/** Calls back at each change, until what it returns is called. */
export type Watch = (changed: () => void) => () => void;

/** Draws the component again at each change of what lies outside of React. */
export function useWatched(watch: Watch | undefined): void {
  const [, again] = useReducer((count: number) => count + 1, 0);
  useEffect(() => watch?.(again), [watch]);
}
