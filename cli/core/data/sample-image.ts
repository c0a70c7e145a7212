import { encodeJpeg } from "./jpeg";

/** What the images of a class have in common. */
interface Look {
  readonly hue: string;
  readonly rgb: readonly [number, number, number];
  readonly pattern: string;
  /** Of a place in the image, 0 to 1 in both directions. */
  readonly wave: (x: number, y: number) => number;
  /** Waves across the image. */
  readonly waves: number;
}

const hues: readonly (readonly [string, readonly [number, number, number]])[] = [
  ["Red", [210, 50, 50]],
  ["Green", [50, 190, 60]],
  ["Blue", [50, 80, 215]],
  ["Yellow", [215, 200, 50]],
  ["Magenta", [200, 50, 190]],
  ["Cyan", [50, 195, 200]],
  ["Orange", [215, 125, 40]],
  ["Violet", [125, 55, 205]],
  ["Grey", [130, 130, 130]],
];

/** None is another one mirrored, as training mirrors images. */
const patterns: readonly (readonly [string, Look["wave"]])[] = [
  ["vertical", (x) => x],
  ["horizontal", (_, y) => y],
  ["rings", (x, y) => 2 * Math.sqrt((x - 0.5) * (x - 0.5) + (y - 0.5) * (y - 0.5))],
  ["diagonal", (x, y) => (x + y) * 0.75],
];

/** What class `index`, from 0, looks like: neighbours differ in colour, then in direction, then in fineness. */
function lookOf(index: number): Look {
  const [hue, rgb] = hues[index % hues.length] ?? ["Grey", [130, 130, 130]];
  const round = Math.floor(index / hues.length);
  const [pattern, wave] = patterns[(index + round) % patterns.length] ?? ["vertical", (x: number) => x];
  return { hue, rgb, pattern, wave, waves: 3 * 2 ** Math.min(4, Math.floor(round / patterns.length)) };
}

/** `001.Red_vertical`: the number makes it one of a kind and decides its place, as in the mission's data set. */
export function sampleClassName(index: number, classes: number): string {
  const digits = Math.max(3, String(classes).length);
  const { hue, pattern } = lookOf(index);
  return `${String(index + 1).padStart(digits, "0")}.${hue}_${pattern}`;
}

export interface SampleImage {
  /** Place of the class, from 0. */
  readonly classIndex: number;
  /** Side in pixels. */
  readonly size: number;
  /** Decides phase, brightness and noise; no two images of a set may have the same. */
  readonly seed: number;
}

/** A JPEG: stripes whose colour and direction tell the class, under noise. */
export function sampleImage({ classIndex, size, seed }: SampleImage): Uint8Array {
  const { rgb: tint, wave, waves } = lookOf(classIndex);
  const random = generator(seed);
  const phase = random();
  const light = 0.8 + 0.4 * random();
  const strength = 50 + 30 * random();
  const rgb = new Uint8Array(size * size * 3);
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      const place = wave(x / size, y / size) * waves + phase;
      // A triangle and no sine: its value is the same on every machine.
      const stripe = (Math.abs((place - Math.floor(place)) * 4 - 2) - 1) * strength;
      for (let channel = 0; channel < 3; channel++) {
        const noise = (random() - 0.5) * 50;
        const value = (tint[channel] ?? 0) * light + stripe + noise;
        rgb[(y * size + x) * 3 + channel] = Math.min(255, Math.max(0, Math.round(value)));
      }
    }
  }
  return encodeJpeg({ width: size, height: size, rgb });
}

/** A number that spreads over 32 bits for each list of numbers; the order counts. */
export function mix(...numbers: readonly number[]): number {
  let hash = 0x9e3779b9;
  for (const number of numbers) {
    hash = Math.imul(hash ^ (number | 0), 0x85ebca6b);
    hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
    hash ^= hash >>> 16;
  }
  return hash >>> 0;
}

/** mulberry32: numbers from 0 to below 1, the same for the same seed everywhere. */
function generator(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let value = Math.imul(state ^ (state >>> 15), 1 | state);
    value = (value + Math.imul(value ^ (value >>> 7), 61 | value)) ^ value;
    return ((value ^ (value >>> 14)) >>> 0) / 2 ** 32;
  };
}
