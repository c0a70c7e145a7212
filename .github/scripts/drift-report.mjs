// Tells in Markdown what drift.sh found about one stack; nothing where there is no drift.
//   node drift-report.mjs <stack> <folder>
import { join } from "node:path";
import { clip, code, fence } from "./markdown.mjs";
import { publish, readIfThere, sectionBytes } from "./runner.mjs";

function report(stack, folder) {
  const result = (readIfThere(join(folder, "result.txt")) ?? "failed").trim();
  const text =
    readIfThere(join(folder, "preview.txt")) ?? "Nothing was said: the run ended before the comparison.";
  if (result === "none") return "none";
  return result === "drift"
    ? `### ${code(stack)}: drift\n\n${fence(clip(text, sectionBytes - 300), "diff")}`
    : `### ${code(stack)}: could not be compared\n\n${fence(clip(text, 6000, "end"))}`;
}

const [stack, folder] = process.argv.slice(2);
publish(stack, report(stack, folder));
