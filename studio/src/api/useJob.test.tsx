import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { act, renderHook, waitFor } from "@testing-library/react";
import type { ReactNode } from "react";
import { afterEach, expect, test, vi } from "vitest";
import { jobs } from "./jobs";
import type { Job } from "./types";
import { useJob } from "./useJob";

function job(status: Job["status"]): Job {
  return { id: "j", kind: "k", status, target: "", title: "", stages: [], created_at: "", created_by: "" };
}

afterEach(() => {
  vi.unstubAllGlobals();
});

test("a job that is resumed is followed again to its next end", async () => {
  let status: Job["status"] = "failed";
  const stream = vi.fn(() => {
    const events = [
      { sequence: "1", at: "", kind: "status", job: job(status) },
      { sequence: status, at: "", kind: "log", message: status },
    ];
    return events.map((event) => `data: ${JSON.stringify(event)}\n\n`).join("");
  });
  vi.stubGlobal("fetch", (input: Request | string) => {
    const address = typeof input === "string" ? input : input.url;
    return Promise.resolve(address.endsWith("/events") ? new Response(stream()) : Response.json(job(status)));
  });
  const client = new QueryClient();
  const wrapper = ({ children }: { readonly children: ReactNode }) => <QueryClientProvider client={client}>{children}</QueryClientProvider>;
  const { result } = renderHook(() => useJob("w", "j"), { wrapper });
  await waitFor(() => {
    expect(result.current.log.map(({ message }) => message)).toEqual(["failed"]);
    expect(result.current.query.isFetching).toBe(false);
  });
  status = "completed";
  act(() => {
    client.setQueryData(jobs.get("w", "j").queryKey, job("queued"));
  });
  await waitFor(() => {
    expect(result.current.job?.status).toBe("completed");
  });
  expect(stream).toHaveBeenCalledTimes(2);
});
