import { useSyncExternalStore } from "react";

/** A clock that many views share: one timer while anybody looks, none otherwise. */
function clock(everyMs: number) {
  const listeners = new Set<() => void>();
  let timer: ReturnType<typeof setInterval> | undefined;
  let now = Date.now();
  const tick = () => {
    now = Date.now();
    for (const listener of listeners) listener();
  };
  return {
    subscribe: (listener: () => void) => {
      if (listeners.size === 0) {
        now = Date.now();
        timer = setInterval(tick, everyMs);
      }
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
        if (listeners.size === 0) clearInterval(timer);
      };
    },
    read: () => now,
  };
}

const slow = clock(10_000);
const fast = clock(1000);

/** The present time in milliseconds, renewed every ten seconds, or every second where `live`. */
export function useNow(live = false): number {
  const { subscribe, read } = live ? fast : slow;
  return useSyncExternalStore(subscribe, read);
}
