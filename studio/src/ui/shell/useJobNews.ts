import { notifications } from "@mantine/notifications";
import { useNavigate } from "@tanstack/react-router";
import { useEffect, useRef } from "react";
import type { Job } from "@/api/types";
import { activeOf, newsOf } from "./jobNews";

/** Whether the browser may be asked to tell outside its window. */
export function mayAsk(): boolean {
  return "Notification" in window && Notification.permission === "default";
}

/** Tells when long work of whoever is signed in ends: here, and outside the window where that is hidden and may be. */
export function useJobNews(workspace: string, jobs: readonly Job[] | undefined, by: string): void {
  const before = useRef<ReadonlySet<string>>(new Set());
  const navigate = useNavigate();
  useEffect(() => {
    if (jobs === undefined) return;
    for (const { job, title, text } of newsOf(before.current, jobs, by)) {
      const open = () => void navigate({ to: "/w/$workspace/jobs/$id", params: { workspace, id: job.id } });
      notifications.show({ title, message: text, color: job.status === "failed" ? "red" : "green", autoClose: 10_000, onClick: open, style: { cursor: "pointer" } });
      if (document.hidden && "Notification" in window && Notification.permission === "granted") new Notification(title, { body: text }).onclick = open;
    }
    before.current = activeOf(jobs);
  }, [jobs, by, navigate, workspace]);
}
