import { describe, expect, it } from "vitest";
import { quantitiesToChoose, sameWishes, unitLabel, withWish } from "./unit-wishes";

const unit = (id: string, name = id) => ({ id, symbol: id, name, factor: 1, offset: 0 });
const QUANTITIES = [
  { id: "temperature", name: "Temperature", units: [unit("degC", "degree Celsius"), unit("K", "kelvin")] },
  { id: "ph", name: "pH", units: [unit("pH")] },
  { id: "length", name: "Length", units: [unit("m", "metre"), unit("ft", "foot")] },
];

describe("wishes", () => {
  it("are set, replaced and taken back", () => {
    expect(withWish({}, "length", "ft")).toEqual({ length: "ft" });
    expect(withWish({ length: "ft", temperature: "K" }, "length", "m")).toEqual({ temperature: "K", length: "m" });
    expect(withWish({ length: "ft" }, "length", "")).toEqual({});
  });

  it("are the same in any order", () => {
    expect(sameWishes({ a: "x", b: "y" }, { b: "y", a: "x" })).toBe(true);
    expect(sameWishes({ a: "x" }, { a: "y" })).toBe(false);
    expect(sameWishes({ a: "x" }, {})).toBe(false);
  });
});

describe("choices", () => {
  it("are quantities of several units, found by any of their words", () => {
    expect(quantitiesToChoose(QUANTITIES, "").map((one) => one.id)).toEqual(["temperature", "length"]);
    expect(quantitiesToChoose(QUANTITIES, "kelv").map((one) => one.id)).toEqual(["temperature"]);
    expect(quantitiesToChoose(QUANTITIES, "LENG").map((one) => one.id)).toEqual(["length"]);
  });

  it("are named by symbol and name", () => {
    expect(unitLabel({ symbol: "°C", name: "degree Celsius" })).toBe("°C – degree Celsius");
    expect(unitLabel({ symbol: "pH", name: "pH" })).toBe("pH");
  });
});
