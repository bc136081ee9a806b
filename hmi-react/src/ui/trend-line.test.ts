import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { randomFrom } from "@/testing/random";
import { GOOD, NOT_CONNECTED, UNCERTAIN } from "@/testing/samples";
import { PenData } from "./trend-data";
import { PenLine, type Frame, type LineLook } from "./trend-line";
import { pointsOf, type PenPoints } from "./trend-points";

type Place = [x: number, y: number];

/** A path that remembers its pieces. */
class FakePath {
  static traced = 0;
  pieces: [Place, Place][] = [];
  private at: Place = [0, 0];

  moveTo(x: number, y: number): void {
    this.at = [x, y];
  }

  lineTo(x: number, y: number): void {
    FakePath.traced += 1;
    this.pieces.push([this.at, [x, y]]);
    this.at = [x, y];
  }

  addPath({ pieces }: FakePath, { a, d, e, f }: { a: number; d: number; e: number; f: number }): void {
    const moved = ([x, y]: Place): Place => [x * a + e, y * d + f];
    this.pieces.push(...pieces.map(([from, to]): [Place, Place] => [moved(from), moved(to)]));
  }
}

const PLAIN: LineLook = { colour: "#000", width: 1, stepped: false, slope: 1, shift: 0, later: 0 };
const FRAME: Frame = { left: 0, bottom: 0, start: 0, low: 0, perSecond: 1, perUnit: -1 };
const WIDTH = 600;

/** What is drawn: the pieces of the solid line and of the dashed one. */
function drawn(line: PenLine, points: PenPoints, frame = FRAME): { sure: [Place, Place][]; unsure: [Place, Place][] } {
  const found = { sure: [] as [Place, Place][], unsure: [] as [Place, Place][] };
  let dashed = false;
  const ctx = {
    setLineDash: (dash: number[]) => (dashed = dash.length > 0),
    stroke: ({ pieces }: FakePath) => (found[dashed ? "unsure" : "sure"] = pieces),
  };
  line.draw(ctx as unknown as CanvasRenderingContext2D, points, frame, WIDTH, 1);
  return found;
}

/** The places through which the parts go, such as "1,10 2,20 | 3,30 4,40". */
function told(pieces: [Place, Place][]): string {
  let text = "";
  let last = "";
  for (const [from, to] of pieces.map((piece) => piece.map((place) => place.join(",")))) {
    text += from === last ? ` ${to}` : `${text && " | "}${from} ${to}`;
    last = to ?? "";
  }
  return text;
}

/** Points from times and values; a value in brackets is uncertain. */
const pen = (...rows: [number, number | null | [number]][]): PenPoints =>
  pointsOf(rows.map(([time]) => time), rows.map(([, value]) => (Array.isArray(value) ? value[0] : (value ?? Number.NaN))), rows.map(([, value]) => !Array.isArray(value)));

const lineOf = (points: PenPoints, stepped = false): { sure: string; unsure: string } => {
  const { sure, unsure } = drawn(new PenLine({ ...PLAIN, stepped }), points);
  return { sure: told(sure), unsure: told(unsure) };
};

beforeEach(() => {
  FakePath.traced = 0;
  vi.stubGlobal("Path2D", FakePath);
});
afterEach(() => {
  vi.unstubAllGlobals();
});

describe("the line through a pen's points", () => {
  it("is one part where all is certain", () => {
    expect(lineOf(pen([1, 10], [2, 20], [3, 30]))).toEqual({ sure: "1,10 2,20 3,30", unsure: "" });
  });

  it("has an uncertain part on both sides of an uncertain sample, which meets the certain one", () => {
    expect(lineOf(pen([1, 10], [2, 20], [3, [30]], [4, 40], [5, 50]))).toEqual({ sure: "1,10 2,20 | 4,40 5,50", unsure: "2,20 3,30 4,40" });
  });

  it("never crosses an outage: the value holds up to it, uncertain, and begins anew after it", () => {
    expect(lineOf(pen([1, 10], [2, 20], [5, null], [8, 80], [9, 90]))).toEqual({ sure: "1,10 2,20 | 8,80 9,90", unsure: "2,20 5,20" });
  });

  it("holds until the next point where it is stepped, and up to an outage as certain as it was", () => {
    expect(lineOf(pen([1, 0], [3, 1], [5, null], [8, 1], [9, 0]), true)).toEqual({ sure: "1,0 3,0 3,1 5,1 | 8,1 9,1 9,0", unsure: "" });
  });

  it("is uncertain from an uncertain sample to the next one where it is stepped", () => {
    expect(lineOf(pen([1, 0], [2, [1]], [3, 0], [4, 1]), true)).toEqual({ sure: "1,0 2,0 2,1 | 3,0 4,0 4,1", unsure: "2,1 3,1 3,0" });
  });

  it("keeps a sample alone between two outages up to the second, and is a dot where it is the last", () => {
    expect(lineOf(pen([1, null], [2, 20], [3, null]))).toEqual({ sure: "", unsure: "2,20 3,20" });
    expect(lineOf(pen([1, null], [2, 20]))).toEqual({ sure: "1,20 3,20", unsure: "" });
  });

  it("is drawn in the unit that is shown, and later if it is of an earlier time", () => {
    const { sure } = drawn(new PenLine({ ...PLAIN, slope: 2, shift: 1, later: 100 }), pen([1, 10], [2, 20]));
    expect(told(sure)).toBe("101,21 102,41");
  });
});

/** The pieces within the picture, to a thousandth of a pixel. */
const visible = (pieces: [Place, Place][]): string[] =>
  pieces.filter(([from, to]) => to[0] >= 0 && from[0] <= WIDTH).map((piece) => piece.flat().map((one) => (Math.round(one * 1e3) + 0) / 1e3).join(" "));

const frameOf = (random: () => number, start: number, length: number): Frame => ({ left: 0, bottom: 300, start, low: random() * -20, perSecond: WIDTH / length, perUnit: 2 + random() * 8 });

describe("a line that grows", () => {
  it.each(Array.from({ length: 10 }, (_, seed) => seed))("is the same as one that is traced anew (%i)", (seed) => {
    const random = randomFrom(seed);
    const look = { ...PLAIN, stepped: seed % 2 === 1, slope: 1.8, shift: 32 };
    const line = new PenLine(look);
    const data = new PenData("A");
    let time = 1_000;
    for (let turn = 0; turn < 120; turn += 1) {
      for (let more = Math.floor(random() * 4); more >= 0; more -= 1) {
        time += random() < 0.05 ? random() * 30 : random();
        const quality = [GOOD, GOOD, GOOD, UNCERTAIN, NOT_CONNECTED][Math.floor(random() * 5)] as number;
        data.add({ value: Math.round(random() * 20), quality, sourceTime: time, serverTime: time }, 2);
      }
      data.trim(time - 300);
      if (random() < 0.01) data.setHistory({ tag: "A", time: [time - 200, time - 100, time - 50], value: [1, 2, 3], quality: [GOOD, UNCERTAIN, GOOD] });
      const [start, length] = random() < 0.8 ? [time - 299, 300] : [time - 299 + random() * 200, 20 + random() * 80];
      const points = data.points(start, start + length, Math.min(start + length, time + 1));
      const frame = frameOf(random, start, length);
      const [grown, anew] = [line, new PenLine(look)].map((one) => drawn(one, points, frame));
      expect(visible(grown?.sure ?? [])).toEqual(visible(anew?.sure ?? []));
      expect(visible(grown?.unsure ?? [])).toEqual(visible(anew?.unsure ?? []));
    }
  });

  it("is traced where it is new, not all of it at each draw", () => {
    const [line, data] = [new PenLine(PLAIN), new PenData("A")];
    for (let at = 0; at < 1_000; at += 1) data.add({ value: at % 7, quality: GOOD, sourceTime: at, serverTime: at }, 0.5);
    drawn(line, data.points(0, 1_000, null), FRAME);
    FakePath.traced = 0;
    for (let at = 1_000; at < 1_100; at += 1) {
      data.add({ value: at % 7, quality: GOOD, sourceTime: at, serverTime: at }, 0.5);
      drawn(line, data.points(at - 1_000, at, null), { ...FRAME, start: at - 1_000 });
    }
    expect(FakePath.traced).toBeLessThan(400);
  });
});
