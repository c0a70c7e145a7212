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
    { title: "cors without origins", type, props: { cors: { allowMethods: ["POST"] } } },
  ],
  violate: [
    {
      title: "every origin",
      type,
      props: { cors: { allowOrigins: ["https://app.example.com", "*"] } },
      says: /cors\.allowOrigins\[1\] is \*, which is every origin\. Name the origins/,
    },
    {
      title: "every origin by TLS",
      type,
      props: { cors: { allowOrigins: ["https://*"] } },
      says: /every origin/,
    },
  ],
});
