/** Signing in. */
import { Button, PasswordInput, Stack, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";
import { login } from "@/api/auth";
import { ApiError, words } from "@/api/errors";
import { useHealth } from "@/api/queries";

export function LoginPage() {
  const { t } = useTranslation();
  const health = useHealth();
  const [name, setName] = useState("");
  const [password, setPassword] = useState("");
  const signIn = useMutation({ mutationFn: () => login(name.trim(), password), onError: () => setPassword("") });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (name.trim() && password) signIn.mutate();
  };
  const wrong = signIn.error instanceof ApiError && signIn.error.status === 401;
  return (
    <main className="sign-in">
      <form className="sign-in-box" onSubmit={submit} aria-label={t("login.title")}>
        <h1 className="sign-in-product">{t("product")}</h1>
        <p className="sign-in-site">{health.data?.site ?? "\u00a0"}</p>
        <Stack gap={12}>
          <TextInput label={t("login.user")} value={name} onChange={(event) => setName(event.currentTarget.value)} autoComplete="username" autoFocus />
          <PasswordInput
            label={t("login.password")}
            value={password}
            onChange={(event) => setPassword(event.currentTarget.value)}
            autoComplete="current-password"
          />
          {signIn.error && (
            <div className="problem" role="alert">
              {wrong ? t("login.wrong") : words(signIn.error)}
            </div>
          )}
          <Button type="submit" loading={signIn.isPending} disabled={!name.trim() || !password}>
            {t("login.submit")}
          </Button>
        </Stack>
        <p className="sign-in-foot">
          {health.error ? t("login.unreachable") : health.data ? `${t("system.version")} ${health.data.version}` : "\u00a0"}
        </p>
      </form>
    </main>
  );
}
