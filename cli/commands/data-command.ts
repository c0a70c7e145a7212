import type { Command } from "commander";
import type { DataProcess } from "./data-options";

const statusHelp = `
Exit status:
  0    done, and nothing is wrong with the data
  1    refused: something is wrong with the data, its source, or what lies in the bucket
  2    wrong arguments
  3    no credentials, no permission, or the source or the bucket cannot be reached
  130  Ctrl-C: run it again, and it goes on where it was`;

const layoutHelp = `
A data set is a folder with train, valid and test; in each a folder of images (.jpg, .jpeg, .png) for every class.
A label is the place of its class among the sorted names, from 0.`;

const fetchHelp = `
A download that was stopped is continued when the command is given again. The folder appears whole or not at all. An archive
with links, absolute paths, names that clash, or far more content than images can have is refused as a whole; what is not at
{train,valid,test}/<class>/<image> stays in it.`;

const uploadHelp = `
An image is sent unless S3 has it with the same SHA-256 checksum, and S3 refuses what arrives differently. What was stopped is
continued when the command is given again. The manifest is written last, as manifest.txt beside train, valid and test.`;

/** Adds `data sample`, `fetch`, `check`, `manifest` and `upload`. What they need is loaded when they run. */
export function addDataCommand(program: Command, own: DataProcess = process): void {
  const data = program
    .command("data")
    .description("image data sets: make, fetch, check and upload them")
    .addHelpText("after", `${layoutHelp}\n${statusHelp}`);

  data
    .command("sample <folder>")
    .description("write a generated data set of any size; the same arguments give the same bytes everywhere")
    .option("--classes <count>", "how many classes", "3")
    .option("--per-class <count>", "images of each class; a tenth each to validate and to test", "20")
    .option("--size <pixels>", "side of the images", "64")
    .option("--seed <number>", "another number makes other images of the same classes", "1")
    .addHelpText("after", statusHelp)
    .action(async (folder: string, options: import("./data-sample").SampleOptions) => {
      const { dataSample } = require("./data-sample") as typeof import("./data-sample");
      own.exitCode = await dataSample(folder, options, own);
    });

  data
    .command("fetch <source> <folder>")
    .description("fetch a zip archive, by its URL or path, and extract its images into a new folder")
    .option("--sha256 <digest>", "refuse an archive with another digest")
    .option("--keep-zip", "keep the archive beside the folder, as <folder>.zip")
    .option(
      "--skip-bad",
      "leave out files that are named as images and are none, instead of refusing the archive",
    )
    .option("--max-files <count>", "refuse an archive with more entries (default: 500000)")
    .option("--max-gigabytes <number>", "refuse an archive that holds more (default: 50)")
    .addHelpText("after", `${fetchHelp}\n${statusHelp}`)
    .action(async (source: string, folder: string, options: import("./data-fetch").FetchOptions) => {
      const { dataFetch } = require("./data-fetch") as typeof import("./data-fetch");
      own.exitCode = await dataFetch(source, folder, options, own);
    });

  data
    .command("check <folder>")
    .description("say what a data set holds, and what training would refuse or stumble over")
    .option("--full", "list every class")
    .option("--json", "print one JSON object")
    .addHelpText("after", `${layoutHelp}\n${statusHelp}`)
    .action(async (folder: string, options: import("./data-check").CheckOptions) => {
      const { dataCheck } = require("./data-check") as typeof import("./data-check");
      own.exitCode = await dataCheck(folder, options, own);
    });

  data
    .command("manifest <folder>")
    .description("print the digest of a data set, as training computes it")
    .option("-o, --output <file>", "write the manifest, a digest and a name for each image")
    .option("--json", "print one JSON object")
    .addHelpText("after", statusHelp)
    .action(async (folder: string, options: import("./data-check").ManifestOptions) => {
      const { dataManifest } = require("./data-check") as typeof import("./data-check");
      own.exitCode = await dataManifest(folder, options, own);
    });

  data
    .command("upload <folder>")
    .description("upload a data set, whatever of it is not there yet, and tell the stack its digest")
    .option("-s, --stack <name>", "bucket, prefix and region of this stack, which must be deployed")
    .option("--bucket <name>", "another bucket")
    .option("--prefix <prefix>", "where train, valid and test go, with --bucket (default: dogImages/)")
    .option("--pretrained <file>", "upload the backbone's weights too")
    .option("-r, --region <region>", "region of the bucket (default: the stack's, else the profile's)")
    .option("--endpoint <url>", "another endpoint of S3, such as a VPC endpoint or an emulator")
    .option("--concurrency <count>", "files that are on their way together", "16")
    .option("--delete", "delete what lies under the prefix and is not in the data set")
    .option("--no-set", "print the command that tells the stack the digest, instead of running it")
    .addHelpText("after", `${uploadHelp}\n${statusHelp}`)
    .action(async (folder: string, options: import("./data-upload").UploadOptions) => {
      const { dataUpload } = require("./data-upload") as typeof import("./data-upload");
      own.exitCode = await dataUpload(folder, options, own);
    });
}
