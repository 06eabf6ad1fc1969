import { formatBytes } from "@/lib/format";
import { IMAGE_TYPES } from "./images";

/** An image that was chosen, dropped or pasted. */
export interface ChosenImage {
  readonly id: string;
  readonly name: string;
  readonly bytes: number;
  readonly dataUrl: string;
}

export const MOST_IMAGE_BYTES = 4_000_000;

/** What is said of which images can be taken. */
export const IMAGE_LIMITS = `PNG, JPEG, GIF or WebP, at most ${formatBytes(MOST_IMAGE_BYTES)}`;

function readUrl(file: File): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => {
      resolve(reader.result as string);
    };
    reader.onerror = () => {
      reject(new Error(`${file.name} cannot be read.`));
    };
    reader.readAsDataURL(file);
  });
}

/** Whether the browser can show it, so that a file that only has an image's name is found out. */
async function decodes(dataUrl: string): Promise<boolean> {
  const image = new Image();
  image.src = dataUrl;
  try {
    await image.decode();
    return true;
  } catch {
    // This is the answer that was asked for.
    return false;
  }
}

/** Why a file is not taken by its type and size; null: it may be. */
export function refusal(file: Pick<File, "name" | "type" | "size">): string | null {
  if (!IMAGE_TYPES.includes(file.type)) return `${file.name} is no image that can be sent: take ${IMAGE_LIMITS}.`;
  if (file.size > MOST_IMAGE_BYTES) return `${file.name} has ${formatBytes(file.size)}; an image has at most ${formatBytes(MOST_IMAGE_BYTES)}.`;
  return file.size === 0 ? `${file.name} is empty.` : null;
}

/** Reads an image. Throws an Error that says why it is not taken. */
export async function readImage(file: File): Promise<ChosenImage> {
  const refused = refusal(file);
  if (refused !== null) throw new Error(refused);
  const dataUrl = await readUrl(file);
  if (!(await decodes(dataUrl))) throw new Error(`${file.name} is no ${file.type} that can be read.`);
  return { id: crypto.randomUUID(), name: file.name, bytes: file.size, dataUrl };
}
