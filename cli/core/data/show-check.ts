import { count, type Layout, truncateMiddle, wrap } from "../../../plan/report/layout";
import type { ClassCounts, DataCheck } from "./check";
import { splits } from "./layout";
import { configLine } from "./next-steps";
import { sizeText } from "./progress";
import { shown } from "./scan";

/** More lines than this fill a screen. */
const mostClasses = 20;

/** What a person reads of a check. */
export function checkText(
  { images, bytes, classes, problems, notes, manifest }: DataCheck,
  { full }: { readonly full: boolean },
  layout: Layout,
): string {
  const { width, paint } = layout;
  const total = splits.reduce((sum, split) => sum + images[split], 0);
  const head = `${count(classes.length, "class", "classes")}, ${count(total, "image")}, ${sizeText(bytes)}`;
  const listed = full || classes.length <= mostClasses ? classes : classes.slice(0, mostClasses);
  const lines = [
    paint.bold(head),
    ...(classes.length === 0 ? [] : ["", ...classTable(listed, images, layout)]),
    ...(listed.length < classes.length
      ? [paint.dim(`… and ${classes.length - listed.length} more classes; --full shows them all.`)]
      : []),
    ...(notes.length === 0 ? [] : ["", ...notes.flatMap((note) => item(note, width))]),
    "",
    ...(manifest === undefined
      ? [
          paint.red(paint.bold(`${count(problems.length, "problem")}`)),
          ...problems.flatMap((problem) => item(problem, width)),
        ]
      : [paint.green("No problem."), `Manifest ${manifest.digest}`]),
  ];
  return `${lines.join("\n")}\n`;
}

/** What a program reads of a check. */
export function checkJson({ manifest, ...check }: DataCheck): string {
  const content = { ok: manifest !== undefined, manifestDigest: manifest?.digest ?? null, ...check };
  return `${JSON.stringify(content, undefined, 2)}\n`;
}

/** What `data manifest` prints after the digest. */
export function manifestText(check: DataCheck, file: string | undefined, layout: Layout): string {
  const { manifest, images } = check;
  if (manifest === undefined) throw new Error("A data set with problems has no manifest.");
  const total = splits.reduce((sum, split) => sum + images[split], 0);
  return [
    manifest.digest,
    ...(file === undefined ? [] : [`Wrote ${file}: ${count(total, "image")}. sha256sum --check reads it.`]),
    layout.paint.dim("In a stack's configuration:"),
    `  ${configLine(manifest.digest)}`,
    "",
  ].join("\n");
}

function classTable(
  classes: readonly ClassCounts[],
  totals: DataCheck["images"],
  { width, paint }: Layout,
): string[] {
  const columns = splits.map((split) => Math.max(split.length, String(totals[split]).length));
  const room = width - columns.reduce((sum, column) => sum + column + 2, 0);
  const names = Math.min(room, Math.max(5, ...classes.map(({ className }) => className.length)));
  const row = (name: string, cells: readonly string[]) =>
    [
      truncateMiddle(shown(name), names).padEnd(names),
      ...cells.map((cell, at) => cell.padStart(columns[at] ?? 0)),
    ].join("  ");
  return [
    paint.dim(row("class", splits)),
    ...classes.map(({ className, images }) =>
      row(
        className,
        splits.map((split) => String(images[split])),
      ),
    ),
    paint.bold(
      row(
        "all",
        splits.map((split) => String(totals[split])),
      ),
    ),
  ];
}

function item(text: string, width: number): string[] {
  return wrap(text, width - 2, "    ").map((line, index) => (index === 0 ? `  ${line}` : line));
}
