import type { JsonObject } from "../../../plan/json-value";
import { type Aws, type CloudObject, objectsOf, textOf } from "../aws/cloud";

type ImportId = (properties: JsonObject) => readonly unknown[];

/**
 * What `pulumi import` takes where it is not the provider's own id, in parts; from the section "Import" of the types' pages in the
 * Pulumi Registry.
 */
const importIds: Readonly<Record<string, { readonly separator: string; readonly parts: ImportId }>> = {
  "aws:appautoscaling/target:Target": {
    separator: "/",
    parts: ({ serviceNamespace, resourceId, scalableDimension }) => [
      serviceNamespace,
      resourceId,
      scalableDimension,
    ],
  },
  "aws:appautoscaling/policy:Policy": {
    separator: "/",
    parts: ({ serviceNamespace, resourceId, scalableDimension, name }) => [
      serviceNamespace,
      resourceId,
      scalableDimension,
      name,
    ],
  },
  "aws:lambda/alias:Alias": { separator: "/", parts: ({ functionName, name }) => [functionName, name] },
  "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig": {
    separator: ":",
    parts: ({ functionName, qualifier }) => [functionName, qualifier],
  },
  "aws:lambda/provisionedConcurrencyConfig:ProvisionedConcurrencyConfig": {
    separator: ",",
    parts: ({ functionName, qualifier }) => [functionName, qualifier],
  },
};

/** The resource that an import by this id finds, or nothing. */
export function findImported({ cloud }: Aws, type: string, id: string): CloudObject | undefined {
  const form = importIds[type];
  return objectsOf(cloud, type).find((object) =>
    form === undefined
      ? object.id === id
      : form
          .parts(object.properties)
          .map((part) => textOf(part as never))
          .join(form.separator) === id,
  );
}
