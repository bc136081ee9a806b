/** Asks before unsaved changes are left behind, by a link, the back button or the closing of the page. */
import { Button, Group, Modal, Stack } from "@mantine/core";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { useBlocker } from "react-router";

interface Props {
  /** Asked at the moment of leaving, so that a form can leave right after it was saved. */
  dirty(): boolean;
  /** Words of the address whose change leaves the form, though the page stays. */
  words?: readonly string[];
}

/** True if another page is gone to, or another object on the same page. */
export function leaves(from: Pick<Location, "pathname" | "search">, to: Pick<Location, "pathname" | "search">, words: readonly string[]): boolean {
  if (from.pathname !== to.pathname) return true;
  const [before, after] = [new URLSearchParams(from.search), new URLSearchParams(to.search)];
  return words.some((word) => before.get(word) !== after.get(word));
}

const NO_WORDS: readonly string[] = [];

export function Unsaved({ dirty, words = NO_WORDS }: Props) {
  const { t } = useTranslation();
  const blocker = useBlocker(({ currentLocation, nextLocation }) => leaves(currentLocation, nextLocation, words) && dirty());
  useEffect(() => {
    const onLeave = (event: BeforeUnloadEvent): void => {
      if (dirty()) event.preventDefault();
    };
    window.addEventListener("beforeunload", onLeave);
    return () => window.removeEventListener("beforeunload", onLeave);
  }, [dirty]);
  if (blocker.state !== "blocked") return null;
  return (
    <Modal opened onClose={() => blocker.reset()} title={t("form.unsaved")} centered>
      <Stack gap={12}>
        <span>{t("form.unsavedHint")}</span>
        <Group justify="flex-end" gap={8}>
          <Button variant="default" onClick={() => blocker.proceed()}>
            {t("form.discard")}
          </Button>
          <Button onClick={() => blocker.reset()} data-autofocus>
            {t("form.stay")}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
