import { choice, text } from "../settings";

/**
 * What to do with a type that the price table does not list.
 * `deny`: refuse it, though it could be estimated. `estimate`: judge it by EC2's price times the family ratio, and refuse it
 * where that is missing too. `allow`: let it pass with an advisory message.
 */
export type UnpricedMode = "deny" | "estimate" | "allow";

/** Settings of every rule that needs a price. */
export const pricing = {
  unpriced: choice<UnpricedMode>(
    ["deny", "estimate", "allow"],
    "deny",
    "What to do with a type without a listed price.",
  ),
  region: text("us-east-1", "Region of a resource that names none, and whose provider names none.", {
    pattern: /^[a-z]{2}(?:-[a-z]+)+-\d{1,2}$/,
    form: "a region's name, such as us-east-1",
  }),
};
