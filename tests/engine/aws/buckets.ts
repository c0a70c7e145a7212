import { AwsError, objectsOf } from "./cloud";
import type { Behaviour } from "./control-plane";

export const bucket: Behaviour = {
  delete: ({ cloud }, object) => {
    const declared = ["aws:s3/bucketObjectv2:BucketObjectv2", "aws:s3/bucketObject:BucketObject"]
      .flatMap((type) => objectsOf(cloud, type))
      .filter(({ properties }) => properties.bucket === object.id);
    const others = Number(object.live.objectCount ?? 0);
    if (object.properties.forceDestroy !== true && declared.length + others > 0)
      throw new AwsError("BucketNotEmpty", `The bucket ${object.id} you tried to delete is not empty.`);
    for (const { type, id } of declared) delete cloud.objects[`${type} ${id}`];
  },
};
