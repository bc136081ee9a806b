/** Mantine in the colours of tokens.css: dense, square, without motion. */
import { createTheme, type MantineColorsTuple } from "@mantine/core";

const operate: MantineColorsTuple = ["#eaf1f9", "#d3e2f2", "#a9c6e6", "#7eaada", "#5b91cf", "#417fc2", "#2f70b6", "#1d5ea8", "#174f8f", "#103f75"];

/** Mantine's greys of the dark display, in the cold grey of tokens.css. */
const dark: MantineColorsTuple = ["#e1e4e6", "#c3c9cd", "#a4adb4", "#7f8990", "#4d555b", "#3c4349", "#2d3338", "#272c30", "#1f2326", "#181b1e"];

export const theme = createTheme({
  primaryColor: "operate",
  primaryShade: { light: 7, dark: 6 },
  colors: { operate, dark },
  fontFamily: 'system-ui, "Segoe UI", "Noto Sans", "Liberation Sans", Arial, sans-serif',
  fontFamilyMonospace: 'ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace',
  defaultRadius: 3,
  respectReducedMotion: true,
  fontSizes: { xs: "12px", sm: "13px", md: "14px", lg: "16px", xl: "18px" },
  components: {
    Modal: { defaultProps: { closeButtonProps: { "aria-label": "Close" }, transitionProps: { duration: 0 }, overlayProps: { opacity: 0.35 } } },
    Tooltip: { defaultProps: { transitionProps: { duration: 0 }, openDelay: 300 } },
    Menu: { defaultProps: { transitionProps: { duration: 0 } } },
    Select: { defaultProps: { comboboxProps: { transitionProps: { duration: 0 } } } },
  },
});
