import { type Finding, undecided, violation } from "./findings";
import { shown } from "./nested";
import { firstMatch, patterns } from "./patterns";
import { choice, type Settings } from "./settings";
import { UNKNOWN } from "./values";

/** Settings of the rules about container images. */
export const imagePinning = {
  pin: choice(
    ["tag", "digest"],
    "tag",
    'How an image must be pinned: "tag" takes a tag that stays, "digest" only @sha256:….',
  ),
  movingTags: patterns(
    [
      "(?:^|[-_.])(?:latest|nightly)(?:$|[-_.])",
      "^(?:stable|main|master|dev(?:elop)?|prod(?:uction)?|staging|edge|current)$",
    ],
    "Tags that move from image to image.",
  ),
};

const DIGEST = /@sha256:[0-9a-f]{64}$/;

/** What is wrong with the way an image is named; nothing for a missing image, which is no matter of pinning. */
export function imageFindings(
  path: string,
  image: unknown,
  { pin, movingTags }: Settings<typeof imagePinning>,
): readonly Finding[] {
  if (image === undefined || image === null || image === "") return [];
  if (image === UNKNOWN) return [undecided(path)];
  if (typeof image !== "string")
    return [violation(`${path} is no text. Give it registry/repository@sha256:….`)];
  if (DIGEST.test(image)) return [];

  const remedy =
    "Name the image by its digest (registry/repository@sha256:…), or in tests by a tag that is never moved.";
  if (pin === "digest") {
    return [violation(`${path} is ${shown(image)}, which has no digest, and pin is "digest". ${remedy}`)];
  }
  // A registry may have a port, so a tag stands behind the last slash only.
  const tag = /:([^:/@]*)$/.exec(image)?.[1] ?? "";
  if (tag === "") {
    return [
      violation(`${path} is ${shown(image)}, without a tag, which means the moving tag latest. ${remedy}`),
    ];
  }
  return firstMatch(movingTags, tag) === undefined
    ? []
    : [
        violation(
          `${path} is ${shown(image)}, and the tag ${shown(tag)} moves from image to image. ${remedy}`,
        ),
      ];
}
