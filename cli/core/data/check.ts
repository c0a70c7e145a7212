import type { HashedImage } from "./hash-images";
import { type Split, splits } from "./layout";
import { type Manifest, manifestOf } from "./manifest";
import { classesOf, type DataSet, shown, some } from "./scan";

export interface ClassCounts {
  readonly className: string;
  readonly images: Readonly<Record<Split, number>>;
}

export interface DataCheck {
  readonly images: Readonly<Record<Split, number>>;
  readonly bytes: number;
  /** Of every split together, by name. */
  readonly classes: readonly ClassCounts[];
  /** What has to be mended before training. */
  readonly problems: readonly string[];
  /** What training takes, and people may want to know. */
  readonly notes: readonly string[];
  /** None where there are problems: what they change would change it. */
  readonly manifest?: Manifest;
}

/** Judges a data set by what was read of it. */
export function checkDataSet(
  { images: scanned, ignored, problems: layout }: Omit<DataSet, "root">,
  images: readonly HashedImage[],
): DataCheck {
  const faults = images.flatMap(({ path, fault }) =>
    fault === undefined ? [] : [`${shown(path)} ${fault.text}.`],
  );
  const twins = duplicates(images);
  const problems = [...layout, ...limited(faults, "file"), ...limited(twins.problems, "image")];
  const classes = countClasses(images);
  return {
    images: perSplit((split) => images.filter((image) => image.split === split).length),
    bytes: images.reduce((sum, { bytes }) => sum + bytes, 0),
    classes,
    problems,
    notes: [
      ...twins.notes,
      ...numbering(classesOf(scanned, "train")),
      ...balance(classes),
      ...passedOver(ignored),
    ],
    ...(problems.length === 0 ? { manifest: manifestOf(images) } : {}),
  };
}

const mostLines = 10;

function limited(lines: readonly string[], noun: string): string[] {
  const more = lines.length - mostLines;
  return more <= 0
    ? [...lines]
    : [...lines.slice(0, mostLines), `… and ${more} more ${noun}${more === 1 ? "" : "s"} alike.`];
}

/** The same content twice: in two splits it makes the result flattering, in two classes one label is wrong. */
function duplicates(images: readonly HashedImage[]): {
  readonly problems: string[];
  readonly notes: string[];
} {
  const groups = new Map<string, HashedImage[]>();
  for (const image of images) {
    if (image.sha256 === undefined || image.fault?.code === "empty") continue;
    const group = groups.get(image.sha256);
    if (group === undefined) groups.set(image.sha256, [image]);
    else group.push(image);
  }
  const problems: string[] = [];
  let again = 0;
  const otherClass: string[] = [];
  for (const group of groups.values()) {
    const [first, ...rest] = group;
    if (first === undefined || rest.length === 0) continue;
    const elsewhere = rest.find(({ split }) => split !== first.split);
    if (elsewhere !== undefined)
      problems.push(
        `${shown(first.path)} and ${shown(elsewhere.path)} are the same image in two splits; remove one.`,
      );
    else again += rest.length;
    const otherName = rest.find(({ className }) => className !== first.className);
    if (otherName !== undefined && elsewhere === undefined)
      otherClass.push(`${shown(first.path)} = ${shown(otherName.path)}`);
  }
  const notes =
    again === 0 ? [] : [`${again} ${again === 1 ? "image is" : "images are"} in the same split twice.`];
  return {
    problems,
    notes: [
      ...notes,
      ...(otherClass.length === 0
        ? []
        : [`Of these, in two classes, so that one is wrong: ${some(otherClass)}.`]),
    ],
  };
}

/** A label is the place among the sorted names; a gap in the numbers moves all that follow. */
function numbering(names: readonly string[]): string[] {
  const numbers = names.map((name) => /^(\d+)\./.exec(name)?.[1]);
  if (numbers.every((number) => number === undefined)) return [];
  const at = numbers.findIndex((number, index) => Number(number) !== index + 1);
  if (at === -1) return [];
  return [
    `${shown(names[at] ?? "")} is class ${at + 1} by name: labels follow the order of the names, not the numbers in them.`,
  ];
}

const unbalanced = 10;

function balance(classes: readonly ClassCounts[]): string[] {
  const sizes = classes.map(({ images }) => images.train).filter((size) => size > 0);
  const [least, most] = [Math.min(...sizes), Math.max(...sizes)];
  return sizes.length > 0 && most >= unbalanced * least
    ? [
        `The largest class has ${most} images to train on, the smallest ${least}: read the recall per class, too.`,
      ]
    : [];
}

function passedOver(ignored: readonly string[]): string[] {
  return ignored.length === 0
    ? []
    : [
        `${ignored.length} ${ignored.length === 1 ? "entry is" : "entries are"} passed over: ${some(ignored)}.`,
      ];
}

function countClasses(images: readonly HashedImage[]): ClassCounts[] {
  const counts = new Map<string, Record<Split, number>>();
  for (const split of splits)
    for (const name of classesOf(images, split)) {
      if (!counts.has(name)) counts.set(name, { train: 0, valid: 0, test: 0 });
    }
  for (const { className, split } of images) {
    const own = counts.get(className);
    if (own !== undefined) own[split] += 1;
  }
  return [...counts].map(([className, of]) => ({ className, images: of })).sort(byName);
}

function byName(a: ClassCounts, b: ClassCounts): number {
  return Buffer.compare(Buffer.from(a.className), Buffer.from(b.className));
}

function perSplit(value: (split: Split) => number): Record<Split, number> {
  return { train: value("train"), valid: value("valid"), test: value("test") };
}
