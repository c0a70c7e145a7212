import { createClient, createHandler } from "./core";
import { readSettings } from "./env";

// Once per environment: a client per call would open a connection per call. A wrong environment fails the
// initialisation, and with it the deployment, not the first caller.
export const handler = createHandler({
  client: createClient(),
  settings: readSettings(process.env),
  // console.log would wrap the line under the JSON log format, and CloudWatch would not find the metrics in it.
  write: (line) => {
    process.stdout.write(`${line}\n`);
  },
});
