import { readDeclaredStack } from "../../../cli/core/aws/stack-config";
import { type FileChange, promotedFile, writeFile } from "../../../cli/core/promote/stack-file";

/** Reads the stack's file and writes the digest into it, each when it is told to; says how that went. */
const [folder = "", digest = ""] = process.argv.slice(2);
let change: FileChange | undefined;
process.on("message", (order) => {
  if (order === "read") change = promotedFile(readDeclaredStack(folder, "dev"), "breeds", digest, undefined);
  let told = "done";
  try {
    if (order === "write" && change !== undefined) writeFile(change, folder, "dev");
  } catch (error) {
    told = (error as Error).message;
  }
  process.send?.(told);
});
