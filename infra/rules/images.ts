import { findInstanceType, type Use } from "../../policy/catalog/instance-types";
import type { StackConfig } from "../config/schema/stack";
import type { Place } from "./place";

export type ImageConfig = StackConfig["images"]["training"];

/** Whether the type has an NVIDIA GPU, and so takes the `gpu` image. */
export function usesGpu(use: Use, instanceType: string): boolean {
  return findInstanceType(use, instanceType)?.gpus !== undefined;
}

/** `763104351884.dkr.ecr.us-east-1.amazonaws.com/pytorch:2.13-cpu-…`, or `…/pytorch@sha256:…` for a digest. */
export function imageUri(place: Place, image: ImageConfig, gpu: boolean): string {
  const tag = gpu ? image.gpu : image.cpu;
  const separator = tag.startsWith("sha256:") ? "@" : ":";
  return `${image.registry}.dkr.ecr.${place.region}.${place.dnsSuffix}/${image.repository}${separator}${tag}`;
}

/** ARN of the image's repository, for the one role that pulls from it. */
export function repositoryArn(place: Place, { registry, repository }: ImageConfig): string {
  return `arn:${place.partition}:ecr:${place.region}:${registry}:repository/${repository}`;
}

/**
 * Host image that GPU containers with CUDA 12 or 13 need; CPU containers take AWS's default.
 * Source: AWS Deep Learning Containers, Ray Serve on SageMaker, "GPU deployments require inference_ami_version".
 */
export const gpuInferenceAmiVersion = "al2-ami-sagemaker-inference-gpu-3-1";
