/** Where strips lie in the grid of a dashboard: none over another, all within the columns. */

export interface Place {
  x: number;
  y: number;
  width: number;
  height: number;
}

export const COLUMNS = 12;
export const ROWS = 200;
const SIDE_MIN = 2;
const HEIGHT_MAX = 24;

export const USUAL = { width: 6, height: 4 };

export function overlap(one: Place, other: Place): boolean {
  const beside = one.x + one.width <= other.x || other.x + other.width <= one.x;
  const above = one.y + one.height <= other.y || other.y + other.height <= one.y;
  return !beside && !above;
}

const bottomOf = ({ y, height }: Place): number => y + height;
const clamp = (value: number, low: number, high: number): number => Math.min(high, Math.max(low, value));

/** Rows down to the end of the lowest. */
export const rowsOf = (all: readonly Place[]): number => Math.max(0, ...all.map(bottomOf));

/** As they are read: row by row. */
export const inReadingOrder = <T extends Place>(all: readonly T[]): T[] => all.toSorted((a, b) => a.y - b.y || a.x - b.x);

/** The first place at or below its own where it lies over none of those that are placed. */
function lowered<T extends Place>(one: T, placed: readonly T[]): T {
  const over = placed.filter((other) => overlap(one, other));
  return over.length === 0 ? one : lowered({ ...one, y: rowsOf(over) }, placed);
}

/** One of them keeps its place, and those that it now lies over give way downwards; as before if there is no room for that. */
function settled<T extends Place>(all: readonly T[], fixed: number, before: readonly T[]): readonly T[] {
  const first = all[fixed];
  if (first === undefined) return before;
  const placed: T[] = [first];
  const places = new Map<T, T>([[first, first]]);
  for (const one of inReadingOrder(all)) {
    if (one === first) continue;
    const now = lowered(one, placed);
    placed.push(now);
    places.set(one, now);
  }
  return rowsOf(placed) > ROWS ? before : all.map((one) => places.get(one) ?? one);
}

const replaced = <T extends Place>(all: readonly T[], at: number, place: Partial<Place>): T[] => all.map((one, index) => (index === at ? { ...one, ...place } : one));

/** Two neighbours change places: the one that moves passes the other, and together they take the room that they took before. */
function passed<T extends Place>(all: readonly T[], at: number, other: number, dx: number, dy: number): T[] {
  const [one, neighbour] = [all[at], all[other]] as [T, T];
  if (dx !== 0) {
    const [left, right] = [Math.min(one.x, neighbour.x), Math.max(one.x + one.width, neighbour.x + neighbour.width)];
    const [mine, theirs] = dx > 0 ? [right - one.width, left] : [left, right - neighbour.width];
    return replaced(replaced(all, at, { x: mine }), other, { x: theirs });
  }
  const [top, bottom] = [Math.min(one.y, neighbour.y), Math.max(bottomOf(one), bottomOf(neighbour))];
  const [mine, theirs] = dy > 0 ? [bottom - one.height, top] : [top, bottom - neighbour.height];
  return replaced(replaced(all, at, { y: mine }), other, { y: theirs });
}

/** One moves by a cell, or past its neighbour if that is in the way. */
export function moved<T extends Place>(all: readonly T[], at: number, dx: number, dy: number): readonly T[] {
  const one = all[at];
  if (one === undefined) return all;
  const place = { x: clamp(one.x + dx, 0, COLUMNS - one.width), y: clamp(one.y + dy, 0, ROWS - one.height) };
  if (place.x === one.x && place.y === one.y) return all;
  const there = { ...one, ...place };
  const other = all.findIndex((each, index) => index !== at && overlap(there, each));
  return settled(other === -1 ? replaced(all, at, place) : passed(all, at, other, dx, dy), at, all);
}

/** One becomes larger or smaller by some cells; those below give way. */
export function sized<T extends Place>(all: readonly T[], at: number, columns: number, rows: number): readonly T[] {
  const one = all[at];
  if (one === undefined) return all;
  const width = clamp(one.width + columns, SIDE_MIN, COLUMNS);
  const place = { width, height: clamp(one.height + rows, SIDE_MIN, HEIGHT_MAX), x: Math.min(one.x, COLUMNS - width) };
  if (place.width === one.width && place.height === one.height) return all;
  return settled(replaced(all, at, place), at, all);
}

/** The first room for another one, row by row. */
export function roomIn(all: readonly Place[], { width, height } = USUAL): Place {
  for (let y = 0; ; y += 1) {
    for (let x = 0; x + width <= COLUMNS; x += 1) {
      const place = { x, y, width, height };
      if (!all.some((one) => overlap(one, place))) return place;
    }
  }
}
