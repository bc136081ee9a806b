import { describe, expect, it } from "vitest";
import { bodyOf, draftOf, parametersOf, parameterValue } from "./parameters";

const pump = {
  name: "pump",
  parameters: { link: { type: "string" }, base: { type: "integer", default: 0, description: "First register" }, power: { type: "number" }, standby: { type: "bool", default: false } },
};
const parameters = parametersOf(pump);

describe("equipment", () => {
  it("asks for the parameters of its type", () => {
    expect(parameters.map((one) => [one.name, one.type, one.default])).toEqual([
      ["link", "string", undefined],
      ["base", "integer", "0"],
      ["power", "number", undefined],
      ["standby", "bool", "false"],
    ]);
  });

  it("gives back its definition as it was", () => {
    const body = { name: "P101", type: "pump", area: "station", parameters: { link: "plc", base: 40, power: 7.5, standby: true } };
    expect(bodyOf(draftOf(body), parameters)).toEqual(body);
  });

  it("leaves defaults and the parameters of another type out", () => {
    const draft = { ...draftOf({ name: "P1", type: "pump", parameters: { link: "plc", power: 1, colour: "red" } }) };
    expect(bodyOf(draft, parameters)).toEqual({ name: "P1", type: "pump", parameters: { link: "plc", power: 1 } });
  });

  it("says what is wrong with a value", () => {
    const [link, base, power] = parameters;
    expect(link && parameterValue(link, "")).toEqual({ mistake: "needed" });
    expect(base && parameterValue(base, "1.5")).toEqual({ mistake: "whole" });
    expect(base && parameterValue(base, "")).toEqual({});
    expect(power && parameterValue(power, "x")).toEqual({ mistake: "number" });
    expect(power && parameterValue(power, "7,5")).toEqual({ value: 7.5 });
  });
});
