import { Loader, PasswordInput, Stack, Text, Title } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useEffect, useRef, useState } from "react";
import { session } from "@/api/identity";
import { useUrlState } from "@/lib/url";
import { CodeBlock } from "@/ui/CodeBlock";
import { ErrorPanel } from "@/ui/ErrorPanel";
import { GuardedButton } from "@/ui/GuardedButton";
import classes from "./SignInPage.module.css";

type Proof = { token: string } | { api_key: string };

/** The one-time token of a sign-in link. It stands behind the #, so that it never reaches a log. */
function tokenOf(hash: string): string | null {
  return new URLSearchParams(hash.replace(/^#/, "")).get("token");
}

/** Only addresses of this studio are followed after signing in. */
function safeNext(next: string): string {
  return next.startsWith("/w/") ? next : "/";
}

function useSignIn() {
  const navigate = useNavigate();
  const client = useQueryClient();
  const [next] = useUrlState("next");
  return useMutation({
    mutationFn: (proof: Proof) => session.signIn(proof),
    onSuccess: async (me) => {
      client.clear();
      client.setQueryData(session.me().queryKey, me);
      await navigate({ href: safeNext(next), replace: true });
    },
  });
}

/** Signs in with a one-time link or an API key. */
export function SignInPage() {
  const signIn = useSignIn();
  const { mutate } = signIn;
  const [key, setKey] = useState("");
  const [token] = useState(() => tokenOf(window.location.hash));
  const sent = useRef(false);
  useEffect(() => {
    document.title = "Sign in · Flowyard";
    // A token works once: React's double effect in development must not spend it.
    if (!token || sent.current) return;
    sent.current = true;
    window.history.replaceState(window.history.state, "", window.location.pathname + window.location.search);
    mutate({ token });
  }, [token, mutate]);

  const opening = token !== null && (signIn.isIdle || (signIn.isPending && "token" in signIn.variables));
  return (
    <main className={classes.page}>
      <div className={classes.card}>
        <div className={classes.brand}>
          <img src="/icon.svg" width={28} height={28} alt="" />
          Flowyard
        </div>
        {opening ? (
          <Stack align="center" gap="sm" py="lg">
            <Loader size="sm" />
            <Text size="sm" c="dimmed">
              Signing you in
            </Text>
          </Stack>
        ) : (
          <Stack gap="md">
            <Title order={1}>Sign in</Title>
            {signIn.error && <ErrorPanel error={signIn.error} />}
            <form
              onSubmit={(event) => {
                event.preventDefault();
                mutate({ api_key: key.trim() });
              }}
            >
              <Stack gap="md">
                <PasswordInput
                  label="API key"
                  placeholder="fy_…"
                  autoComplete="current-password"
                  data-autofocus
                  autoFocus
                  value={key}
                  onChange={(event) => {
                    setKey(event.currentTarget.value);
                  }}
                />
                <GuardedButton type="submit" fullWidth loading={signIn.isPending} off={key.trim() === "" ? "Paste a key first." : null}>
                  Sign in
                </GuardedButton>
              </Stack>
            </form>
          </Stack>
        )}
        <div className={classes.hint}>
          <Text size="sm" c="dimmed" mb={8}>
            Or open a sign-in link. <code>flowyard up</code> prints one, and an owner makes one for anybody:
          </Text>
          <CodeBlock code="flowyard user sign-in-link NAME" label="Copy command" />
        </div>
      </div>
    </main>
  );
}
