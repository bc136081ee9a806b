/** The first thing after signing in with a password that somebody else chose. */
import { Button, PasswordInput, Stack } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";
import { changePassword, signOut, useSession } from "@/api/auth";
import { words } from "@/api/errors";

export function PasswordPage() {
  const { t } = useTranslation();
  const user = useSession()?.user.name ?? "";
  const [old, setOld] = useState("");
  const [next, setNext] = useState("");
  const [again, setAgain] = useState("");
  const change = useMutation({ mutationFn: () => changePassword(old, next) });
  const differs = again !== "" && again !== next;
  const same = next !== "" && next === old;
  const ready = old !== "" && next !== "" && again === next && !same;
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (ready) change.mutate();
  };
  return (
    <main className="sign-in">
      <form className="sign-in-box" onSubmit={submit} aria-label={t("password.title")}>
        <h1 className="sign-in-product">{t("password.title")}</h1>
        <p className="sign-in-site">{t("password.why", { user })}</p>
        <input type="text" name="username" autoComplete="username" value={user} readOnly hidden />
        <Stack gap={12}>
          <PasswordInput label={t("password.old")} value={old} onChange={(event) => setOld(event.currentTarget.value)} autoComplete="current-password" autoFocus />
          <PasswordInput
            label={t("password.new")}
            value={next}
            onChange={(event) => setNext(event.currentTarget.value)}
            autoComplete="new-password"
            error={same ? t("password.same") : undefined}
          />
          <PasswordInput
            label={t("password.again")}
            value={again}
            onChange={(event) => setAgain(event.currentTarget.value)}
            autoComplete="new-password"
            error={differs ? t("password.differs") : undefined}
          />
          {change.error && (
            <div className="problem" role="alert">
              {words(change.error)}
            </div>
          )}
          <Button type="submit" loading={change.isPending} disabled={!ready}>
            {t("password.submit")}
          </Button>
          <Button variant="default" onClick={() => void signOut()}>
            {t("shell.signOut")}
          </Button>
        </Stack>
      </form>
    </main>
  );
}
