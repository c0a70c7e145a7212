import { resolve } from "node:path";

/** Folder of this project: where Pulumi.yaml is. */
export const projectRoot = resolve(__dirname, "../..");
