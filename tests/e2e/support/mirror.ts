import { DescribeLogGroupsCommand } from "@aws-sdk/client-cloudwatch-logs";
import { ListObjectVersionsCommand } from "@aws-sdk/client-s3";
import { ListEndpointConfigsCommand, ListModelsCommand } from "@aws-sdk/client-sagemaker";
import { type Cloud, type CloudObject, keyOf, textOf } from "../../engine/aws/cloud";
import type { EmulatedServices } from "./clients";
import { kinds } from "./mirrored-kinds";

/**
 * Two emulations of one account: the engine makes resources in the simulated AWS of the engine's tests, since no provider that runs
 * without a network could make them in the emulator; the commands ask the emulator. The mirror makes in the emulator what the engine has
 * made, and takes out of the simulated account what commands have deleted.
 */
export class Mirror {
  /** What was made in the emulator: by key, how it looked. */
  private readonly made = new Map<string, string>();

  constructor(private readonly services: EmulatedServices) {}

  /** To be called after the engine has run. */
  async follow(cloud: Cloud): Promise<void> {
    const wanted = new Map(
      kinds.flatMap((kind) =>
        Object.values(cloud.objects)
          .filter(({ type }) => type === kind.type)
          .map((object) => [keyOf(kind.type, object.id), { kind, object, look: lookOf(object) }] as const),
      ),
    );
    // What uses something goes before it; a changed one is made anew, as the emulator updates nothing.
    for (const key of [...this.made.keys()].reverse()) {
      if (wanted.get(key)?.look === this.made.get(key)) continue;
      const [type = "", id = ""] = key.split(" ");
      await kinds.find((kind) => kind.type === type)?.remove(this.services, id);
      this.made.delete(key);
    }
    for (const [key, { kind, object, look }] of wanted) {
      if (this.made.has(key)) continue;
      await kind.make(this.services, object);
      this.made.set(key, look);
    }
  }

  /**
   * To be called before the engine runs: what is gone from the emulator goes from the account, and buckets know what is in them.
   *
   * @param change changes the account in one step.
   */
  async tell(change: (body: (cloud: Cloud) => void) => void): Promise<void> {
    const there = await this.deletable();
    const keys = [...this.made.keys()].map((key) => [key, ...key.split(" ")] as const);
    const gone = keys.filter(([, type = "", id = ""]) => there.get(type)?.has(id) === false);
    const counts = new Map<string, number>();
    for (const [key, type, id = ""] of keys)
      if (type === bucketType) counts.set(key, (await versionsIn(this.services, id)).length);
    change(({ objects }) => {
      for (const [key] of gone) delete objects[key];
      for (const [key, count] of counts) {
        const bucket = objects[key];
        if (bucket !== undefined) bucket.live.objectCount = count;
      }
    });
    for (const [key] of gone) this.made.delete(key);
  }

  /** Names of what commands may delete, by type. */
  private async deletable(): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
    const { sagemaker, logs } = this.services;
    const { Models = [] } = await sagemaker.send(new ListModelsCommand({}));
    const { EndpointConfigs = [] } = await sagemaker.send(new ListEndpointConfigsCommand({}));
    const { logGroups = [] } = await logs.send(new DescribeLogGroupsCommand({}));
    const names = (all: readonly (string | undefined)[]) => new Set(all.map((name) => name ?? ""));
    return new Map([
      ["aws:sagemaker/model:Model", names(Models.map(({ ModelName }) => ModelName))],
      [
        "aws:sagemaker/endpointConfiguration:EndpointConfiguration",
        names(EndpointConfigs.map(({ EndpointConfigName }) => EndpointConfigName)),
      ],
      ["aws:cloudwatch/logGroup:LogGroup", names(logGroups.map(({ logGroupName }) => logGroupName))],
    ]);
  }
}

const bucketType = "aws:s3/bucket:Bucket";

/** What of an object the emulator shows. */
function lookOf({ properties, live }: CloudObject): string {
  return JSON.stringify([properties, textOf(live.configName), live.versions ?? [], live.fleet ?? []]);
}

/** Keys of all objects of a bucket, once for each version; a test's bucket has fewer than a page of them. */
export async function versionsIn({ s3 }: EmulatedServices, Bucket: string): Promise<string[]> {
  const { Versions = [] } = await s3.send(new ListObjectVersionsCommand({ Bucket }));
  return Versions.map(({ Key = "" }) => Key);
}
