import type { Entry } from "../entries";
import { type Finding, undecided, violation } from "../findings";
import { at, shown } from "../nested";
import { firstMatch, patterns } from "../patterns";
import { resourceRule } from "../rule";
import { UNKNOWN } from "../values";
import { artifactsOf, containersOf } from "./containers";
import { modelReads } from "./reads";

const REMEDY =
  "Keep each artifact under a key with its digest, such as models/<sha256>/model.tar.gz, and never write over it.";

/** A container that serves many models from one prefix (`mode: MultiModel`) has no artifact of its own. */
export const immutableArtifact = resourceRule({
  id: "endpoint-immutable-artifact",
  title: "Artifacts that never change",
  sentence:
    "Every model loads an artifact whose address has a digest or a version in it, so that new weights are a change that Pulumi sees and can take back.",
  severity: "high",
  level: "mandatory",
  group: "endpoint",
  remediation: REMEDY,
  url: "https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ContainerDefinition.html",
  reads: modelReads("primaryContainer", "containers"),
  fields: {
    immutable: patterns(
      ["[0-9a-f]{64}", "[0-9a-f]{40}", "(?:^|[/_-])v?\\d+\\.\\d+\\.\\d+(?:$|[/_.-])"],
      "What the address of an artifact that never changes looks like: by default a SHA-256 or SHA-1, or a version of three numbers.",
    ),
  },
  check: ({ properties }, { immutable }) =>
    containersOf(properties).flatMap((container) => {
      const mode = at(container.value, "mode");
      if (mode === "MultiModel") return [];
      const found = artifactsOf(container).flatMap((artifact) => judge(artifact, immutable));
      const decided = container.value === UNKNOWN || mode !== UNKNOWN || found.length === 0;
      return decided ? found : [undecided(`${container.path}.mode`)];
    }),
});

function judge({ path, value }: Entry, immutable: readonly string[]): readonly Finding[] {
  if (value === UNKNOWN) return [undecided(path)];
  if (typeof value === "string" && firstMatch(immutable, value) !== undefined) return [];
  return [
    violation(
      `${path} is ${shown(value)}, an address without a digest or version: other weights under it change nothing that Pulumi or the endpoint sees. ${REMEDY}`,
    ),
  ];
}
