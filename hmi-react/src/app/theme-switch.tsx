/** Light or dark control room. */
import { ActionIcon, useComputedColorScheme, useMantineColorScheme } from "@mantine/core";
import { useTranslation } from "react-i18next";

export function ThemeSwitch() {
  const { t } = useTranslation();
  const { setColorScheme } = useMantineColorScheme();
  const dark = useComputedColorScheme("light") === "dark";
  const label = dark ? t("shell.light") : t("shell.dark");
  return (
    <ActionIcon variant="subtle" color="gray" size={32} onClick={() => setColorScheme(dark ? "light" : "dark")} aria-label={label} title={label}>
      <svg width={18} height={18} viewBox="0 0 24 24" aria-hidden fill="none" stroke="currentColor" strokeWidth={2}>
        <circle cx={12} cy={12} r={9} />
        <path d="M12 3A9 9 0 0 1 12 21Z" fill="currentColor" />
      </svg>
    </ActionIcon>
  );
}
