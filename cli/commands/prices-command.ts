import type { Command } from "commander";

const statusHelp = `
Exit status:
  0  done, or nothing to do
  1  refused: an answer that is ambiguous, older than the table or incomplete; or prices are due for a refresh (check, --check)
  2  wrong arguments, or an invalid configuration
  3  no credentials, no permission, or the Price List API cannot be reached (refresh)`;

/** Adds `prices refresh`, `prices check` and `prices list`. What they need is loaded when they run. */
export function addPricesCommand(
  program: Command,
  own: import("./prices-refresh").RefreshProcess = process,
): void {
  const prices = program
    .command("prices")
    .description(
      "the price tables that costs and ceilings stand on: refresh them, check their age, list them",
    )
    .addHelpText("after", statusHelp);

  prices
    .command("refresh")
    .description("read the tables anew from the AWS Price List API; needs pricing:GetProducts")
    .option("-r, --region <region>", "region to refresh (default: every region that has a table)")
    .option(
      "--only <sections>",
      "only these: sagemaker,ec2,sagemakerMlStorage,ebs,s3,lambda,network,kms,cloudwatch",
    )
    .option("--dry-run", "show what would change; write nothing")
    .option("--check", "write nothing, and end with 1 if a price has changed")
    .option("--endpoint <url>", "another endpoint of the API, such as a VPC endpoint")
    .option("--folder <dir>", "folder of the tables (default: policy/catalog/prices)")
    .addHelpText("after", statusHelp)
    .action(async (options: import("./prices-refresh").RefreshOptions) => {
      const { refreshPrices } = require("./prices-refresh") as typeof import("./prices-refresh");
      own.exitCode = await refreshPrices(options, undefined, own);
    });

  prices
    .command("check")
    .description("say how old each table and the oldest price in use are; offline")
    .option("--max-age-days <days>", "end with 1 past this age", "30")
    .option("-r, --region <region>", "region to check (default: every region that has a table)")
    .option("--json", "print one JSON object")
    .addHelpText("after", statusHelp)
    .action((options: { maxAgeDays: string; region?: string; json?: boolean }) => {
      const { checkPrices } = require("./prices") as typeof import("./prices");
      process.exitCode = checkPrices(options);
    });

  prices
    .command("list")
    .description("list the instance types for a use with their hourly prices, cheapest first; offline")
    .requiredOption("-u, --use <use>", "hosting, training, tuning, notebook or compute")
    .option("-r, --region <region>", "region", "us-east-1")
    .option("--json", "print one JSON object")
    .addHelpText("after", statusHelp)
    .action((options: { use: string; region: string; json?: boolean }) => {
      const { listPrices } = require("./prices") as typeof import("./prices");
      process.exitCode = listPrices(options);
    });
}
