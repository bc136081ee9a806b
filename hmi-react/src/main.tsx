/** Where the HMI starts. */
import { createRoot } from "react-dom/client";
import "@mantine/core/styles.css";
import "./ui/tokens.css";
import "./ui/ui.css";
import "./app/shell.css";
import "./i18n";
import { App } from "./app/app";

const root = document.getElementById("root");
if (root !== null) createRoot(root).render(<App />);
