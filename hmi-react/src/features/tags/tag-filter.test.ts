import { describe, expect, it } from "vitest";
import { filterOf, moreCount } from "./tag-filter";

const of = (text: string) => filterOf(new URLSearchParams(text));

describe("filter of the tag browser", () => {
  it("is what the address names", () => {
    expect(of("search=+pump+&under=station/supply&kind=field&severity=BAD&sort=-area")).toEqual({ search: "pump", under: "station/supply", kind: "field", severity: "BAD", sort: "-area" });
  });

  it("leaves out what belongs to others and what makes no sense", () => {
    expect(of("faceplate=A&kp_from=abc&kp_to=12.5&sort=time&area=")).toEqual({ kp_to: "12.5" });
  });

  it("counts what is set behind the button", () => {
    expect(moreCount(of("search=a&segment=S1&kp_from=1"))).toBe(2);
  });
});
