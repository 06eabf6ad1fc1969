import { cleanup } from "@testing-library/react";
import { afterEach, vi } from "vitest";

// What the test's DOM does not have and Mantine asks for.
window.matchMedia ??= (query: string) => ({ matches: false, media: query, addEventListener: vi.fn(), removeEventListener: vi.fn() }) as unknown as MediaQueryList;
window.ResizeObserver ??= class {
  observe() { return undefined; }
  unobserve() { return undefined; }
  disconnect() { return undefined; }
};

// A test that forgets to answer a request fails instead of reaching the network.
globalThis.fetch = () => Promise.reject(new Error("this test made a request that it does not answer"));

afterEach(cleanup);
