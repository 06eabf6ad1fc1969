/** Values that a flow's class is made with, out of what somebody wrote as JSON, or what is wrong with it. */
export function readInit(written: string): { readonly value: Record<string, unknown> } | { readonly problem: string } {
  if (written.trim() === "") return { value: {} };
  try {
    const found: unknown = JSON.parse(written);
    if (typeof found !== "object" || found === null || Array.isArray(found)) return { problem: 'Write an object: {"model_config": {"connection": "my-connection"}}.' };
    return { value: found as Record<string, unknown> };
  } catch (error) {
    return { problem: error instanceof SyntaxError ? error.message : String(error) };
  }
}
