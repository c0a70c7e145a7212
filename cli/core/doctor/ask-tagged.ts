import { paginateGetResources } from "@aws-sdk/client-resource-groups-tagging-api";
import { stackTagKey } from "../../../infra/rules/tags";
import { asked } from "../aws/errors";
import type { DoctorClients } from "./clients";
import type { Tagged } from "./leftovers";

/** Everything of the region that carries the project's tag, of whatever stack, as far as the tagging API knows the type. */
export function askTagged({ tagging: client }: Pick<DoctorClients, "tagging">): Promise<readonly Tagged[]> {
  return asked("tag:GetResources", async () => {
    const all: Tagged[] = [];
    const pages = paginateGetResources({ client, pageSize: 100 }, { TagFilters: [{ Key: stackTagKey }] });
    for await (const { ResourceTagMappingList = [] } of pages)
      for (const { ResourceARN = "", Tags = [] } of ResourceTagMappingList)
        all.push({
          arn: ResourceARN,
          stackTag: Tags.find(({ Key }) => Key === stackTagKey)?.Value ?? "",
        });
    return all;
  });
}
