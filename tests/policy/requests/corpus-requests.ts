import { readCorpus } from "../../support/rule-corpus";
import type { StackResource } from "../../support/stack-request";

const entries = Object.values(readCorpus());

/** The corpus's requests about one resource each. */
export const corpusRequests = entries.flatMap((entry) => ("resources" in entry ? [] : [entry]));

/** All resources of the corpus as one stack, which violates many rules at once. */
export const corpusStack: readonly StackResource[] = entries.flatMap((entry, index) =>
  "resources" in entry
    ? entry.resources
    : [{ type: entry.type, name: `${entry.name}-${index}`, props: entry.props }],
);
