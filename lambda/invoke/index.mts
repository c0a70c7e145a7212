// The archive's entry. An ES module, as it alone can wait: what is not awaited here would run on the first event's time.
import { handler, services } from "./handler.js";
import { prime } from "./priming.js";

services.write(JSON.stringify({ message: "initialised", priming: await prime(services) }));

export { handler };
