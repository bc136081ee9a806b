import { expect, it } from "vitest";
import { areasWithin } from "./areas";

it("offers areas with those that they lie in, each once", () => {
  expect(areasWithin(["station/supply", "station/pumps", "", "lab"])).toEqual(["lab", "station", "station/pumps", "station/supply"]);
});
