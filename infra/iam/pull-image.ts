import { type ImageConfig, repositoryArn } from "../rules/images";
import type { Place } from "../rules/place";
import { allow, type Statement } from "./document";

/**
 * Pulls the container image from its one repository, AWS's or the team's own.
 *
 * Needed by training and serving. Without it SageMaker reports that it cannot access the image.
 */
export function pullImage(place: Place, image: ImageConfig): Statement[] {
  return [
    // A login token is for a registry and ECR defines no resource type for it, so that "*" is the only form.
    allow("LogInToRegistry", ["ecr:GetAuthorizationToken"], ["*"]),
    allow(
      "PullImage",
      ["ecr:BatchCheckLayerAvailability", "ecr:GetDownloadUrlForLayer", "ecr:BatchGetImage"],
      [repositoryArn(place, image)],
    ),
  ];
}
