const WHOLE = 100;

/** Rising shares in per cent out of text such as "5, 25, 50, 100", or what is wrong with it. */
export function readSteps(text: string): { readonly value: number[] } | { readonly problem: string } {
  const value = text
    .split(",")
    .map((part) => part.trim())
    .filter((part) => part !== "")
    .map(Number);
  if (value.length === 0 || value.some((step) => !Number.isInteger(step) || step < 1 || step > WHOLE)) return { problem: "Write whole per cents from 1 to 100, with commas between." };
  return value.every((step, index) => index === 0 || step > (value[index - 1] ?? 0)) ? { value } : { problem: "Each step is more than the one before." };
}
