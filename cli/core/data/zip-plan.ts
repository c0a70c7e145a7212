import { compareNames, isImageName } from "./layout";
import { shown, some } from "./scan";
import { foldedName, nameProblem } from "./zip-names";

/** What the archive's directory tells of an entry. */
export interface ZipEntry {
  readonly name: string;
  readonly bytes: number;
  readonly compressedBytes: number;
  /** File type bits of a Unix mode (0xa000 is a symbolic link); 0 where the archive tells none. */
  readonly unixType: number;
  readonly encrypted: boolean;
}

export interface ZipLimits {
  readonly files: number;
  /** Of all files together. */
  readonly bytes: number;
  readonly fileBytes: number;
  /** How many times the archive's size its contents may have. Images hardly compress. */
  readonly ratio: number;
}

export const defaultLimits: ZipLimits = { files: 500_000, bytes: 50e9, fileBytes: 100e6, ratio: 100 };

export interface PlannedFile {
  /** Place of the entry in the archive's directory. */
  readonly index: number;
  /** Where it goes, below the data set's folder: `train/001.Affenpinscher/a.jpg`. */
  readonly path: string;
  readonly bytes: number;
}

export interface ExtractionPlan {
  readonly files: readonly PlannedFile[];
  readonly bytes: number;
  /** Names of what stays in the archive: what is not in the layout of a data set. */
  readonly left: readonly string[];
  /** Why nothing of the archive is extracted. */
  readonly problems: readonly string[];
}

const regularFile = 0x8000;
const folder = 0x4000;
const symbolicLink = 0xa000;

/** What systems add to archives by themselves. */
const litter = /(?:^|\/)(?:__MACOSX(?:\/|$)|\._[^/]*$|\.DS_Store$|Thumbs\.db$|desktop\.ini$)/i;

/** `<root>/train/<class>/<image>`; the root may be missing. */
const inLayout = /^((?:[^/]+\/)*?)((?:train|valid|test)\/([^/]+)\/([^/]+))$/;

/**
 * Decides from the archive's directory alone what is extracted and where to. An archive with one entry that has no business
 * there is refused as a whole.
 *
 * @param archiveBytes size of the archive.
 */
export function planExtraction(
  entries: readonly ZipEntry[],
  archiveBytes: number,
  limits: ZipLimits = defaultLimits,
): ExtractionPlan {
  const hostile = entries.flatMap(entryProblems);
  const collisions = collisionProblems(entries);
  const found = entries.map((entry, index) => ({ ...entry, index, match: imageMatch(entry) }));
  const roots = [...new Set(found.flatMap(({ match }) => (match === undefined ? [] : [match.root])))];
  const files = found.flatMap(({ index, bytes, match }) =>
    match === undefined ? [] : [{ index, path: match.path, bytes }],
  );
  const left = found
    .filter(({ match, name }) => match === undefined && !name.endsWith("/"))
    .map(({ name }) => name);
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
  return {
    files: files.sort((a, b) => compareNames(a.path, b.path)),
    bytes,
    left,
    problems: [
      ...hostile,
      ...collisions,
      ...layoutProblems(roots, entries),
      ...bombProblems(entries, archiveBytes, limits),
    ],
  };
}

function entryProblems({ name, unixType, encrypted }: ZipEntry): string[] {
  const problem = nameProblem(name);
  if (problem !== undefined) return [`The name ${shownName(name)} ${problem}.`];
  if (unixType === symbolicLink) return [`${shownName(name)} is a symbolic link.`];
  if (unixType !== 0 && unixType !== (name.endsWith("/") ? folder : regularFile))
    return [`${shownName(name)} is neither file nor folder.`];
  return encrypted ? [`${shownName(name)} is encrypted.`] : [];
}

function imageMatch({ name }: ZipEntry): { readonly root: string; readonly path: string } | undefined {
  if (litter.test(name)) return undefined;
  const [, root, path, className, file] = inLayout.exec(name) ?? [];
  if (root === undefined || path === undefined || className === undefined || file === undefined)
    return undefined;
  return isImageName(file) && !className.startsWith(".") ? { root, path } : undefined;
}

/** One name twice, two names that differ by case, or a file that is a folder of others. */
function collisionProblems(entries: readonly ZipEntry[]): string[] {
  const files = new Map<string, string>();
  const folders = new Map<string, string>();
  const problems: string[] = [];
  for (const { name } of entries) {
    const isFolder = name.endsWith("/");
    const parts = (isFolder ? name.slice(0, -1) : name).split("/");
    const below = isFolder ? parts.length : parts.length - 1;
    for (let depth = 1; depth <= below; depth++) {
      const path = parts.slice(0, depth).join("/");
      const before = folders.get(foldedName(path));
      if (before === undefined) folders.set(foldedName(path), path);
      else if (before !== path)
        problems.push(`The folders ${shownName(before)} and ${shownName(path)} differ by case only.`);
    }
    if (isFolder) continue;
    const before = files.get(foldedName(name));
    if (before !== undefined)
      problems.push(
        before === name
          ? `${shownName(name)} is in the archive twice.`
          : `${shownName(before)} and ${shownName(name)} differ by case only.`,
      );
    files.set(foldedName(name), name);
  }
  for (const [key, name] of files)
    if (folders.has(key)) problems.push(`${shownName(name)} is a file and a folder.`);
  return [...new Set(problems)];
}

function layoutProblems(roots: readonly string[], entries: readonly ZipEntry[]): string[] {
  if (roots.length === 1) return [];
  if (roots.length === 0) {
    const files = entries.map(({ name }) => name).filter((name) => !name.endsWith("/"));
    const holds = files.length === 0 ? "It holds no file" : `It holds ${some(files)}`;
    return [`No image is at {train,valid,test}/<class>/<image>, at the top or below one folder. ${holds}.`];
  }
  return [
    `More than one data set is in it, below ${some(roots.map((root) => (root === "" ? "the top" : root)))}.`,
  ];
}

function bombProblems(entries: readonly ZipEntry[], archiveBytes: number, limits: ZipLimits): string[] {
  const bytes = entries.reduce((sum, entry) => sum + entry.bytes, 0);
  const compressed = entries.reduce((sum, entry) => sum + entry.compressedBytes, 0);
  const largest = entries.find((entry) => entry.bytes > limits.fileBytes);
  return [
    ...(entries.length > limits.files
      ? [`It has ${entries.length} entries; at most ${limits.files} are taken (--max-files).`]
      : []),
    ...(bytes > limits.bytes
      ? [`It holds ${bytes} bytes; at most ${limits.bytes} are taken (--max-gigabytes).`]
      : []),
    ...(largest === undefined
      ? []
      : [`${shownName(largest.name)} has ${largest.bytes} bytes; an image has at most ${limits.fileBytes}.`]),
    ...(bytes > limits.ratio * Math.max(1, archiveBytes)
      ? [
          `It holds ${Math.round(bytes / Math.max(1, archiveBytes))} times its own size; images do not compress like that.`,
        ]
      : []),
    // Bombs let many entries share the same compressed bytes: https://www.bamsoftware.com/hacks/zipbomb/
    ...(compressed > archiveBytes
      ? ["Its entries overlap: they claim more compressed bytes than it has."]
      : []),
  ];
}

function shownName(name: string): string {
  const text = shown(name);
  return JSON.stringify(text.length > 80 ? `${text.slice(0, 79)}…` : text);
}
