import { entriesOf } from "../entries";
import { undecided, violation } from "../findings";
import { at } from "../nested";
import { resourceRule } from "../rule";
import { UNKNOWN } from "../values";

const PATH = "cors.allowOrigins";

/**
 * A host of wildcards only, and `null`, which any page sends from a sandboxed frame.
 * https://developer.mozilla.org/en-US/docs/Web/HTTP/Reference/Headers/Origin
 */
const EVERY_ORIGIN = /^(([a-z*]+:\/\/)?\*[*.]*(:[\d*]*)?\/?|null)$/i;

/** Over function URLs. */
export const urlOrigins = resourceRule({
  id: "lambda-url-origins",
  title: "Named origins only",
  sentence: "No function URL lets the pages of every origin call it from a browser.",
  severity: "medium",
  level: "production",
  group: "lambda",
  remediation: `Name the origins in ${PATH}, such as https://app.example.com, or leave cors out.`,
  url: "https://docs.aws.amazon.com/lambda/latest/dg/urls-configuration.html",
  reads: { "aws:lambda/functionUrl:FunctionUrl": ["cors"] },
  check: ({ properties: { cors } }) =>
    entriesOf(at(cors, "allowOrigins"), PATH).flatMap(({ path, value }) => {
      if (value === UNKNOWN) return [undecided(path)];
      if (typeof value !== "string" || !EVERY_ORIGIN.test(value.trim())) return [];
      return [
        violation(
          `${path} is ${value.trim()}, which lets in the pages of every origin. Name the origins, such as https://app.example.com, or leave cors out.`,
        ),
      ];
    }),
});
