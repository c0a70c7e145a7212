import { paginateListObjectsV2 } from "@aws-sdk/client-s3";
import { outputPrefixes } from "../../../infra/rules/naming";
import type { AwsClients } from "../aws/clients";
import { CommandError } from "../exit-status";
import { pages } from "../prune/read-hosting";
import type { ObjectSource } from "./find-source";

/** Runs that a message names, newest first. */
const mostNamed = 10;

/** Means the newest run, also where the stack's file has a job called `box`. */
const newest = "latest";

/** The run that `box`, `box:latest` or `box:20261121T101112Z` names; nothing where the text names something else. */
export function boxRunOf(from: string): string | undefined {
  return from === "box" ? newest : /^box:(.*)$/s.exec(from)?.[1];
}

/**
 * The artifact of a run of the training box. The box uploads it last, so that every run that is there has ended well.
 *
 * @param run the UTC time at which it began, as in its key, or `latest`.
 * @throws CommandError where there is no such run.
 */
export async function findBoxRun(
  { s3 }: Pick<AwsClients, "s3">,
  bucket: string,
  run: string,
): Promise<ObjectSource> {
  const listed = await pages("s3:ListBucket", () =>
    paginateListObjectsV2({ client: s3 }, { Bucket: bucket, Prefix: outputPrefixes.box }),
  );
  // Times of this form sort as text.
  const runs = listed
    .flatMap(({ Contents = [] }) => Contents)
    .flatMap(({ Key = "" }) => runIn(Key) ?? [])
    .sort()
    .reverse();
  const found = run === newest ? runs[0] : runs.find((one) => one === run);
  if (found !== undefined)
    return { kind: "object", title: `training box, run ${found}`, bucket, key: keyOf(found) };
  const place = `s3://${bucket}/${outputPrefixes.box}`;
  throw new CommandError(
    runs.length === 0
      ? `--from box: no run of the training box is in ${place}. Start one on it: \`sudo train-on-box\`.`
      : `--from box:${run}: there is no such run in ${place}. Runs, newest first: ${runs.slice(0, mostNamed).join(", ")}${runs.length > mostNamed ? ` and ${runs.length - mostNamed} more` : ""}. Without a run it is the newest.`,
  );
}

function keyOf(run: string): string {
  return `${outputPrefixes.box}${run}/output/model.tar.gz`;
}

function runIn(key: string): string | undefined {
  return /^[^/]+\/(\d{8}T\d{6}Z)\/output\/model\.tar\.gz$/.exec(key)?.[1];
}
