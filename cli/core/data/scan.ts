import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { CommandError } from "../exit-status";
import { compareNames, isImageName, type Split, splits } from "./layout";

/** One image of a data set. */
export interface ImageFile {
  readonly split: Split;
  readonly className: string;
  /** Below the data set's folder, with forward slashes: `train/001.Affenpinscher/a.jpg`. */
  readonly path: string;
  readonly bytes: number;
}

export interface DataSet {
  readonly root: string;
  /** In the order of a manifest: by split, class and name. */
  readonly images: readonly ImageFile[];
  /** What training passes over, by path. */
  readonly ignored: readonly string[];
  /** What training would refuse, or would stumble over. */
  readonly problems: readonly string[];
}

/**
 * The images of `<root>/{train,valid,test}/<class>/*.jpg`, without opening one. What counts as a class and as an image is what
 * training takes for one.
 *
 * @throws CommandError where the folder cannot be read.
 */
export function scanDataSet(root: string): DataSet {
  const images: ImageFile[] = [];
  const ignored: string[] = [];
  const problems: string[] = [];
  const top = entriesOf(root, "");
  ignored.push(
    ...top.filter(({ name }) => !(splits as readonly string[]).includes(name)).map(({ name }) => name),
  );

  for (const split of splits) {
    if (!top.some(({ name, kind }) => name === split && kind === "folder")) {
      problems.push(`There is no folder ${split}: the layout is {${splits.join(",")}}/<class>/<image>.`);
      continue;
    }
    for (const { name: className, kind } of entriesOf(root, split)) {
      const path = `${split}/${className}`;
      if (kind !== "folder" || className.startsWith(".")) {
        ignored.push(path);
        continue;
      }
      for (const file of entriesOf(root, path)) {
        const filePath = `${path}/${file.name}`;
        if (!isImageName(file.name)) ignored.push(filePath);
        else if (file.kind !== "file")
          problems.push(`${shown(filePath)} is named as an image and is no file.`);
        else images.push({ split, className, path: filePath, bytes: file.bytes });
      }
    }
  }
  for (const path of images.map((image) => image.path).filter((path) => /[\n\r\\\uFFFD]/.test(path)))
    problems.push(
      `${shown(path)} has a line break, a backslash or what is not UTF-8 in its name; rename it: a manifest has one name a line.`,
    );
  return { root, images, ignored, problems: [...problems, ...classProblems(images)] };
}

/** Names of the classes of a split, in the order of their labels. */
export function classesOf(images: readonly ImageFile[], split: Split): readonly string[] {
  const names = new Set(images.filter((image) => image.split === split).map(({ className }) => className));
  return [...names].sort(compareNames);
}

function classProblems(images: readonly ImageFile[]): string[] {
  const names = classesOf(images, "train");
  const few =
    names.length < 2
      ? [`train has ${names.length === 1 ? "one class" : "no class"} with images; at least 2 are needed.`]
      : [];
  const differing = (["valid", "test"] as const).flatMap((split) => {
    const own = new Set(classesOf(images, split));
    const missing = names.filter((name) => !own.has(name));
    const extra = [...own].filter((name) => !names.includes(name));
    return [
      ...(missing.length === 0
        ? []
        : [`${split} has no image of ${some(missing)}: every split needs every class.`]),
      ...(extra.length === 0 ? [] : [`${split} has classes that train has not: ${some(extra)}.`]),
    ];
  });
  return [...few, ...differing];
}

/** The first of many names. */
export function some(names: readonly string[], most = 3): string {
  const first = names.slice(0, most).map(shown).join(", ");
  return names.length > most ? `${first} and ${names.length - most} more` : first;
}

/** Names come from elsewhere, and could steer the terminal. */
export function shown(name: string): string {
  return name.replace(/\p{Cc}/gu, "?");
}

interface Entry {
  readonly name: string;
  readonly kind: "file" | "folder" | "other";
  readonly bytes: number;
}

/** Entries by name, with links followed, as training follows them. */
function entriesOf(root: string, below: string): readonly Entry[] {
  const folder = join(root, below);
  let names: string[];
  try {
    names = readdirSync(folder);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new CommandError(
      `${folder} cannot be read (${code}). Name the folder that train, valid and test lie in.`,
    );
  }
  return names.sort(compareNames).map((name) => {
    const stat = statSync(join(folder, name), { throwIfNoEntry: false });
    const kind = stat?.isDirectory() === true ? "folder" : stat?.isFile() === true ? "file" : "other";
    return { name, kind, bytes: stat?.size ?? 0 };
  });
}
