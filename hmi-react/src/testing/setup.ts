/** What jsdom lacks and Mantine asks for. */
import { afterEach, vi } from "vitest";
import { cleanup, configure } from "@testing-library/react";

// Whole pages take their time where everything else is tested at the same moment.
vi.setConfig({ testTimeout: 60_000 });
configure({ asyncUtilTimeout: 20_000 });

Object.defineProperty(window, "matchMedia", {
  writable: true,
  value: (query: string) => ({
    matches: false,
    media: query,
    onchange: null,
    addListener: () => undefined,
    removeListener: () => undefined,
    addEventListener: () => undefined,
    removeEventListener: () => undefined,
    dispatchEvent: () => false,
  }),
});

class QuietObserver {
  observe(): void {}
  unobserve(): void {}
  disconnect(): void {}
}
window.ResizeObserver = QuietObserver as unknown as typeof ResizeObserver;

Element.prototype.scrollIntoView = () => undefined;

// Mantine's growing text areas wait for fonts.
Object.defineProperty(document, "fonts", { configurable: true, value: { addEventListener: () => undefined, removeEventListener: () => undefined } });

afterEach(cleanup);
