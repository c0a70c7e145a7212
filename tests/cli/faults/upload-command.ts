import type { Command } from "commander";
import type { DataProcess } from "../../../cli/commands/data-options";

/** Small enough that the weights go in three parts. */
const sizes = { multipartAbove: 1500, part: 700 };

/** `data upload` with small parts. */
export function addUpload(program: Command, own: DataProcess): void {
  program
    .command("upload <folder>")
    .requiredOption("--endpoint <url>")
    .requiredOption("--pretrained <file>")
    .action(async (folder: string, given: { readonly endpoint: string; readonly pretrained: string }) => {
      const { dataUpload } =
        require("../../../cli/commands/data-upload") as typeof import("../../../cli/commands/data-upload");
      const options = { ...given, bucket: "data", concurrency: "2", delete: true, set: false };
      own.exitCode = await dataUpload(folder, options, own, sizes);
    });
}
