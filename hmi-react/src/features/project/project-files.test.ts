import { describe, expect, it } from "vitest";
import { filesOf, pathOf, readFiles } from "./project-files";

const file = (text: string, name: string, path = "") => ({ name, webkitRelativePath: path, text: () => Promise.resolve(text) });

describe("files of a project", () => {
  it("are named by their place within the folder", () => {
    expect(pathOf({ name: "tags.toml", webkitRelativePath: "plant/areas/tags.toml" })).toBe("areas/tags.toml");
    expect(pathOf({ name: "project.toml", webkitRelativePath: "" })).toBe("project.toml");
  });

  it("are TOML, and nothing of a hidden folder", () => {
    expect(pathOf({ name: "README.md", webkitRelativePath: "plant/README.md" })).toBeNull();
    expect(pathOf({ name: "x.toml", webkitRelativePath: "plant/.git/x.toml" })).toBeNull();
  });

  it("come from a folder, or from a map that was exported", async () => {
    expect(await readFiles([file("a = 1", "a.toml", "plant/a.toml"), file("#", "b.md", "plant/b.md")])).toEqual({ "a.toml": "a = 1" });
    expect(await readFiles([file('{"a.toml": "a = 1"}', "project.json")])).toEqual({ "a.toml": "a = 1" });
    expect(() => filesOf('{"a.toml": 1}')).toThrow(SyntaxError);
    expect(() => filesOf("[]")).toThrow(SyntaxError);
  });
});
