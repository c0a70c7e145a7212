import type { Reads } from "../rule";

/**
 * The serving resources of both of Pulumi's providers for AWS. Properties have the same names in both unless a rule says otherwise
 * (https://www.pulumi.com/registry/packages/aws-native/api-docs/sagemaker/).
 */
export const MODEL = "aws:sagemaker/model:Model";
export const CONFIGURATION = "aws:sagemaker/endpointConfiguration:EndpointConfiguration";
export const ENDPOINT = "aws:sagemaker/endpoint:Endpoint";
export const NATIVE_MODEL = "aws-native:sagemaker:Model";
export const NATIVE_CONFIGURATION = "aws-native:sagemaker:EndpointConfig";
export const NATIVE_ENDPOINT = "aws-native:sagemaker:Endpoint";

export function modelReads(...names: readonly string[]): Reads {
  return { [MODEL]: names, [NATIVE_MODEL]: names };
}

export function configurationReads(...names: readonly string[]): Reads {
  return { [CONFIGURATION]: names, [NATIVE_CONFIGURATION]: names };
}

export function endpointReads(...names: readonly string[]): Reads {
  return { [ENDPOINT]: names, [NATIVE_ENDPOINT]: names };
}
