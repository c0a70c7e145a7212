import { urlOrigins } from "../../../policy/lambda/url-origins";
import { describeRule } from "../../support/rule-cases";

const type = "aws:lambda/functionUrl:FunctionUrl";

describeRule(urlOrigins, {
  pass: [
    { title: "no cors", type, props: { authorizationType: "AWS_IAM" } },
    {
      title: "named origins",
      type,
      props: { cors: { allowOrigins: ["https://app.example.com"], maxAge: 60 } },
    },
    {
      title: "an origin of one's own computer, and all of one domain",
      type,
      props: { cors: { allowOrigins: ["http://localhost:60905", "https://*.example.com"] } },
    },
    { title: "cors without origins", type, props: { cors: { allowMethods: ["POST"] } } },
  ],
  violate: [
    {
      title: "every origin",
      type,
      props: { cors: { allowOrigins: ["https://app.example.com", "*"] } },
      says: /cors\.allowOrigins\[1\] is \*, which lets in the pages of every origin\. Name the origins/,
    },
    ...[
      "https://*",
      "http://*",
      "HTTPS://*",
      " * ",
      "*://*",
      "https://*:443",
      "https://*.*",
      "https://*/",
      "null",
    ].map((origin) => ({
      title: `every origin as ${JSON.stringify(origin)}`,
      type,
      props: { cors: { allowOrigins: [origin] } },
      says: /cors\.allowOrigins\[0\] is .*, which lets in the pages of every origin/,
    })),
  ],
});
