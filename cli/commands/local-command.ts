import type { Command } from "commander";
import type { DataProcess } from "./data-options";

const localHelp = `
It makes a small set of striped images, trains on it with one process and then with two, packs the artifact, serves it on
127.0.0.1, and sends it an image of each class through the function's own code. Nothing is sent anywhere else. The first run makes
a Python environment, which downloads PyTorch; everything but that is removed at the end.

Exit status:
  0  most images were taken for what they are
  1  they were not, or a step failed
  2  wrong arguments
  3  there is no Python to run it with, or it cannot be set up
  130  stopped by Ctrl-C`;

/** Adds `local`. What it needs is loaded when it runs. */
export function addLocalCommand(program: Command, own: DataProcess = process): void {
  program
    .command("local")
    .description(
      "the whole way on this computer, without an account: data, training, artifact, serving, prediction",
    )
    .option("--classes <count>", "classes of the generated images", "4")
    .option("--images <count>", "images of each class", "30")
    .option("--port <number>", "port of the serving process; 0: a free one", "0")
    .option("--keep", "keep the folder with data, checkpoints and artifact, and say where it is")
    .option("--json", "print one JSON object")
    .addHelpText("after", localHelp)
    .action(async (options: import("./local").LocalOptions) => {
      const { local } = require("./local") as typeof import("./local");
      own.exitCode = await local(options, own);
    });
}
