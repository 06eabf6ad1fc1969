import { useState } from "react";
import { type ChosenImage, readImage } from "@/ui/images/readImages";

export interface Attachments {
  readonly images: readonly ChosenImage[];
  /** Why something was not taken; null: all was. */
  readonly problem: string | null;
  readonly add: (files: readonly File[]) => void;
  readonly remove: (id: string) => void;
  readonly clear: () => void;
}

interface Settled {
  readonly taken: readonly ChosenImage[];
  readonly problems: readonly string[];
}

async function readAll(files: readonly File[]): Promise<Settled> {
  const results = await Promise.allSettled(files.map(readImage));
  return {
    taken: results.flatMap((result) => (result.status === "fulfilled" ? [result.value] : [])),
    problems: results.flatMap((result) => (result.status === "rejected" ? [result.reason instanceof Error ? result.reason.message : String(result.reason)] : [])),
  };
}

/** The images that go with the next message: at most `most`, and none where `off` says why. */
export function useAttachments(most: number, off: string | null): Attachments {
  const [images, setImages] = useState<readonly ChosenImage[]>([]);
  const [problem, setProblem] = useState<string | null>(null);
  const add = (files: readonly File[]): void => {
    if (files.length === 0) return;
    if (off !== null) {
      setProblem(off);
      return;
    }
    const room = most - images.length;
    void readAll(files.slice(0, Math.max(0, room))).then(({ taken, problems }) => {
      setImages((before) => [...before, ...taken].slice(0, most));
      const over = files.length > room ? [most === 1 ? "The message is one image: take it away first to send another." : `A message takes at most ${String(most)} images.`] : [];
      setProblem([...problems, ...over].join(" ") || null);
    });
  };
  const remove = (id: string): void => {
    setImages((before) => before.filter((image) => image.id !== id));
    setProblem(null);
  };
  const clear = (): void => {
    setImages([]);
    setProblem(null);
  };
  return { images, problem, add, remove, clear };
}
