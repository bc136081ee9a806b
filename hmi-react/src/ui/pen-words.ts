/** Saved pens in words, such as where two people have changed the same. */
import { t } from "i18next";
import type { Pen } from "@/api/displays";

/** Such as "TK101.LT (Colour 3, 0 – 5, steps)". */
export function penWords({ tag, colour, own_axis, low, high, style }: Pen): string {
  const parts = [
    colour > 0 ? t("looks.colourOf", { place: colour }) : "",
    own_axis ? t("looks.ownAxis") : "",
    low !== null && high !== null ? `${low} – ${high}` : "",
    style === "auto" ? "" : t(`looks.styles.${style}`),
  ].filter(Boolean);
  return parts.length === 0 ? tag : `${tag} (${parts.join(", ")})`;
}
