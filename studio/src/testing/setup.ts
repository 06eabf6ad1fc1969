import { cleanup } from "@testing-library/react";
import { afterEach } from "vitest";

// A test that forgets to answer a request fails instead of reaching the network.
globalThis.fetch = () => Promise.reject(new Error("this test made a request that it does not answer"));

afterEach(cleanup);

// Text areas that grow listen for fonts, which the test's DOM does not have.
Object.defineProperty(document, "fonts", { value: new EventTarget(), configurable: true });
