import { Argument, type Command } from "commander";
import { type PageKind, pageKinds } from "../core/operate/pages";
import type { OperateProcess } from "../core/operate/process";
import { stackOptions } from "./train-command";

const openHelp = `
Where there is one address it is printed alone, for \`xdg-open "$(sagemaker-ops open dashboard --stack dev)"\`. Nothing is
asked of AWS: whether you may see the page is decided by the console.

Examples:
  sagemaker-ops open dashboard --stack dev
  sagemaker-ops open logs single --stack dev
  sagemaker-ops open job search --stack dev

Exit status:
  0  done
  2  wrong arguments, an invalid configuration, or nothing of that name
  3  the Pulumi CLI is not installed`;

/** Adds `open`. What it needs is loaded when it runs. */
export function addOpenCommand(program: Command, own: OperateProcess = process): void {
  stackOptions(
    program
      .command("open")
      .description("print the addresses of the stack's pages in the AWS console")
      .addArgument(new Argument("<page>", "which page").choices(pageKinds))
      .argument("[name]", "an endpoint or a job: its name in the stack file, or in SageMaker"),
  )
    .option("--json", "print one JSON list")
    .addHelpText("after", openHelp)
    .action((page: PageKind, name: string | undefined, options: import("./open").OpenOptions) => {
      const { open } = require("./open") as typeof import("./open");
      own.exitCode = open(page, name, options, own);
    });
}
