import { LogGroup } from "@pulumi/aws/cloudwatch";
import { Role, RolePolicy, RolePolicyAttachment } from "@pulumi/aws/iam";
import { Function as LambdaFunction } from "@pulumi/aws/lambda";
import * as pulumi from "@pulumi/pulumi";
import { readClassifier, type Source } from "./contract";

export = async () => {
  const config = new pulumi.Config();
  const classifier = await readClassifier(config.requireObject<Source>("source"), config.require("endpoint"));

  const role = new Role("gallery", {
    assumeRolePolicy: {
      Version: "2012-10-17",
      Statement: [
        { Effect: "Allow", Action: "sts:AssumeRole", Principal: { Service: "lambda.amazonaws.com" } },
      ],
    },
  });

  // The classifier's team keeps this policy in step with its function; nothing broader is needed to call it.
  const mayClassify = new RolePolicyAttachment("gallery-classify", {
    role: role.name,
    policyArn: classifier.invokePolicyArn,
  });

  const logGroup = new LogGroup("gallery", { retentionInDays: 30 });
  const mayLog = new RolePolicy("gallery-log", {
    role: role.name,
    policy: {
      Version: "2012-10-17",
      Statement: [
        {
          Effect: "Allow",
          Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
          Resource: pulumi.interpolate`${logGroup.arn}:*`,
        },
      ],
    },
  });

  const gallery = new LambdaFunction(
    "gallery",
    {
      role: role.arn,
      runtime: "nodejs22.x",
      handler: "index.handler",
      code: new pulumi.asset.FileArchive("handler"),
      // The classifier may take 65 seconds.
      timeout: 70,
      environment: { variables: { CLASSIFIER_ALIAS_ARN: classifier.functionAliasArn } },
      loggingConfig: { logFormat: "JSON", logGroup: logGroup.name },
    },
    { dependsOn: [mayClassify, mayLog] },
  );

  return { functionName: gallery.name, classifierAliasArn: classifier.functionAliasArn };
};
