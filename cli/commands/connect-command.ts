import type { Command } from "commander";
import type { OperateProcess } from "../core/operate/process";
import { stackOptions } from "./train-command";

const boxHelp = `
Session Manager needs no key and no open port: only the AWS CLI, its Session Manager plugin, and ssm:StartSession on the box.

Exit status:
  0  done; with --start: the session ended
  1  with --start: the session failed
  2  wrong arguments, an invalid configuration, or no training box
  3  the Pulumi CLI or, with --start, the AWS CLI is not installed`;

/** Adds `connect`. What it needs is loaded when it runs. */
export function addConnectCommand(program: Command, own: OperateProcess = process): void {
  const connect = program.command("connect").description("open a shell on a machine of the stack");

  stackOptions(connect.command("box").description("print the command that opens a shell on the training box"))
    .option("--start", "run it")
    .addHelpText("after", boxHelp)
    .action((options: import("./connect").ConnectOptions) => {
      const { connectBox } = require("./connect") as typeof import("./connect");
      own.exitCode = connectBox(options, own);
    });
}
