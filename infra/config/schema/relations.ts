import { findInstanceType, type Use } from "../../../policy/catalog/instance-types";
import { nearest } from "../../../policy/catalog/nearest";
import { isProduction } from "../../rules/production";
import type { Finding } from "./fields";
import type { StackConfig } from "./stack";

/** Account from which AWS publishes its Deep Learning Containers in most regions. */
export const defaultRegistry = "763104351884";

/** A long list hides what it is about. */
const mostNamed = 12;

/** Comparing every wrong name with every model takes minutes on a hostile file of thousands. */
const mostCompared = 50;

/** Models that endpoints name and nobody declares. */
export function modelFindings({ endpoints, models }: StackConfig): Finding[] {
  const names = Object.keys(models);
  const unknown = (path: string[], model: string) =>
    Object.hasOwn(models, model) ? [] : [unknownModel(path, model, names)];
  return Object.entries(endpoints).flatMap(([name, { model, serving }]) => [
    ...unknown(["endpoints", name, "model"], model),
    ...(serving.kind === "instances" && serving.shadow !== undefined
      ? unknown(["endpoints", name, "serving", "shadow", "model"], serving.shadow.model)
      : []),
  ]);
}

function unknownModel(path: string[], model: string, names: readonly string[]): Finding {
  const meant = names.length <= mostCompared ? nearest(model, names, 3) : undefined;
  const named = names.slice(0, mostNamed).join(", ");
  return {
    path,
    message: `there is no model "${model}" under models`,
    allowed:
      names.length === 0
        ? "a model that is declared under models"
        : names.length > mostNamed
          ? `${named} and ${names.length - mostNamed} more`
          : named,
    fix: meant === undefined ? `Declare it: models.${model}.classes.` : `Did you mean "${meant}"?`,
  };
}

/** Volumes that are to be encrypted with a key the stack does not have. */
export function keyFindings({ jobs, tuning, endpoints, storage }: StackConfig): Finding[] {
  if (storage.encryption === "kms") return [];
  return [
    ...Object.entries(jobs).flatMap(([name, job]) => needsKey(["jobs", name], job)),
    ...Object.entries(tuning).flatMap(([name, job]) => needsKey(["tuning", name], job)),
    ...Object.entries(endpoints).flatMap(([name, { serving }]) =>
      serving.kind === "serverless" ? [] : needsKey(["endpoints", name, "serving"], serving),
    ),
  ];
}

function needsKey(path: string[], { volumeEncryption }: { volumeEncryption: "service" | "kms" }): Finding[] {
  return volumeEncryption === "kms"
    ? [
        {
          path: [...path, "volumeEncryption"],
          message: '"kms" needs the stack\'s key, and storage.encryption is "s3"',
          allowed: '"service", or storage.encryption "kms"',
        },
      ]
    : [];
}

/** Instance types on which AWS's own containers do not run: the container would never answer its health check. */
export function imageFindings({ jobs, tuning, endpoints, images }: StackConfig): Finding[] {
  const training = images.training.registry === defaultRegistry;
  const serving = images.serving.registry === defaultRegistry;
  return [
    ...(training
      ? [
          ...Object.entries(jobs).flatMap(([name, { instanceType }]) =>
            cannotRun(["jobs", name, "instanceType"], "training", instanceType),
          ),
          ...Object.entries(tuning).flatMap(([name, { instanceType }]) =>
            cannotRun(["tuning", name, "instanceType"], "tuning", instanceType),
          ),
        ]
      : []),
    ...(serving
      ? Object.entries(endpoints).flatMap(([name, { serving }]) => {
          if (serving.kind === "serverless") return [];
          const at = ["endpoints", name, "serving"];
          const shadow = serving.kind === "instances" ? serving.shadow : undefined;
          return [
            ...cannotRun([...at, "instanceType"], "hosting", serving.instanceType),
            ...(shadow === undefined
              ? []
              : cannotRun([...at, "shadow", "instanceType"], "hosting", shadow.instanceType)),
          ];
        })
      : []),
  ];
}

function cannotRun(path: string[], use: Use, name: string): Finding[] {
  const type = findInstanceType(use, name);
  const needed =
    type?.architecture === "arm64" ? "for arm64" : type?.neuron === true ? "for Neuron devices" : "";
  if (needed === "") return [];
  const section = use === "hosting" ? "images.serving" : "images.training";
  return [
    {
      path,
      message: `"${name}" needs an image built ${needed}, and AWS's images in ${section} are built for x86_64 and NVIDIA`,
      allowed: `an x86_64 type without Neuron devices, or an image of your own in ${section}.registry`,
    },
  ];
}

/** Wildcards that are handy while developing and an open door in production. */
export function openFunctionFindings({
  environment,
  endpoints,
}: Pick<StackConfig, "environment" | "endpoints">): Finding[] {
  if (!isProduction(environment)) return [];
  return Object.entries(endpoints).flatMap(([name, { function: fn }]) => {
    if (fn.kind === "none") return [];
    const at = ["endpoints", name, "function"];
    return [
      ...everyOne([...at, "corsOrigins"], fn.corsOrigins, "every web site may read the answers", "origins"),
      ...everyOne(
        [...at, "images", "hosts"],
        fn.images.hosts,
        "the function fetches from any public host",
        "hosts",
      ),
    ];
  });
}

/** Canaries whose alarms reach nobody. Nothing rolls a function back by itself: somebody has to hear of it, and decide. */
export function unheardCanaryFindings({
  alarms,
  endpoints,
}: Pick<StackConfig, "alarms" | "endpoints">): Finding[] {
  if (alarms.kind === "notify") return [];
  return Object.entries(endpoints).flatMap(([name, { function: fn }]) =>
    fn.kind === "none" || fn.release.kind === "immediate"
      ? []
      : [
          {
            path: ["endpoints", name, "function", "release", "kind"],
            message: `"${fn.release.kind}" needs somebody who hears its alarms, and alarms.kind is "${alarms.kind}"`,
            allowed: '"immediate", or alarms.kind "notify"',
          },
        ],
  );
}

function everyOne(
  path: (string | number)[],
  values: readonly string[],
  message: string,
  what: string,
): Finding[] {
  const index = values.indexOf("*");
  return index < 0
    ? []
    : [
        {
          path: [...path, index],
          message: `with "*" ${message}`,
          allowed: `${what} by name in prod`,
        },
      ];
}
