import { Command } from "commander";
import { addDataCommand } from "../../../cli/commands/data-command";
import { addPricesCommand } from "../../../cli/commands/prices-command";
import { addPromoteCommands } from "../../../cli/commands/promote-command";
import { addPruneCommand } from "../../../cli/commands/prune-command";
import { addRecoverCommand } from "../../../cli/commands/recover-command";
import { addVerifyCommand } from "../../../cli/commands/verify-command";
import { watchFileChanges } from "./file-changes";
import { addUpload } from "./upload-command";

// The commands as a process of their own, in another project's folder: `command-process.ts <folder> <arguments>`.
const [folder = "", ...line] = process.argv.slice(2);
const { stdout, stderr, env } = process;
watchFileChanges(env);
const own: { exitCode: number | undefined } & Record<"folder" | "stdout" | "stderr" | "env", never> = {
  folder,
  stdout,
  stderr,
  env,
  exitCode: undefined,
} as never;
const program = new Command();
addDataCommand(program, own);
addPricesCommand(program, own);
addPromoteCommands(program, own);
addPruneCommand(program, own);
addRecoverCommand(program, own);
addUpload(program, own);
addVerifyCommand(program, own);
void program.parseAsync(line, { from: "user" }).then(() => {
  process.exitCode = own.exitCode;
});
