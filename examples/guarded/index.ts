import { getCallerIdentityOutput } from "@pulumi/aws/getCallerIdentity";
import { Role, RolePolicy, RolePolicyAttachment } from "@pulumi/aws/iam";
import { Endpoint, EndpointConfiguration, Model } from "@pulumi/aws/sagemaker";
import { getPrebuiltEcrImageOutput } from "@pulumi/aws/sagemaker/getPrebuiltEcrImage";
import * as pulumi from "@pulumi/pulumi";

const config = new pulumi.Config();
const artifacts = "sentiment-artifacts-123456789012";
// Each model is kept under its digest, so that another model is a change that Pulumi sees and can take back.
const modelDigest = config.require("modelDigest");
const repositoryName = "huggingface-pytorch-inference";
// AWS's own account for its framework images in most regions.
const repositoryArn = `arn:aws:ecr:*:763104351884:repository/${repositoryName}`;

const role = new Role("serving", {
  assumeRolePolicy: {
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Action: "sts:AssumeRole",
        Principal: { Service: "sagemaker.amazonaws.com" },
        Condition: { StringEquals: { "aws:SourceAccount": getCallerIdentityOutput().accountId } },
      },
    ],
  },
});
const permissions = new RolePolicy("serving", {
  role: role.name,
  policy: {
    Version: "2012-10-17",
    Statement: [
      { Effect: "Allow", Action: "s3:GetObject", Resource: `arn:aws:s3:::${artifacts}/models/*` },
      {
        Effect: "Allow",
        Action: ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
        Resource: repositoryArn,
      },
      // A login token belongs to no resource.
      { Effect: "Allow", Action: "ecr:GetAuthorizationToken", Resource: "*" },
      {
        Effect: "Allow",
        Action: [
          "logs:CreateLogGroup",
          "logs:CreateLogStream",
          "logs:DescribeLogStreams",
          "logs:PutLogEvents",
        ],
        Resource: "arn:aws:logs:*:*:log-group:/aws/sagemaker/Endpoints/sentiment*",
      },
    ],
  },
});
const managedPolicyArn = config.get("managedPolicyArn");
if (managedPolicyArn !== undefined) {
  new RolePolicyAttachment("serving", { role: role.name, policyArn: managedPolicyArn });
}

const model = new Model(
  "sentiment",
  {
    executionRoleArn: role.arn,
    enableNetworkIsolation: true,
    primaryContainer: {
      image: getPrebuiltEcrImageOutput({
        repositoryName,
        imageTag: "2.6.0-transformers4.49.0-cpu-py312-ubuntu22.04",
      }).registryPath,
      modelDataUrl: `s3://${artifacts}/models/${modelDigest}/model.tar.gz`,
    },
  },
  { dependsOn: [permissions] },
);
const endpointConfig = new EndpointConfiguration("sentiment", {
  productionVariants: [
    {
      variantName: "AllTraffic",
      modelName: model.name,
      instanceType: config.require("instanceType"),
      initialInstanceCount: 1,
      modelDataDownloadTimeoutInSeconds: 300,
      containerStartupHealthCheckTimeoutInSeconds: 120,
    },
  ],
});
const endpoint = new Endpoint("sentiment", { endpointConfigName: endpointConfig.name });

export const endpointName = endpoint.name;
