import { about, type Finding } from "./finding";
import type { ImageNeed } from "./needs";

/** What a registry tells about an image. */
export interface FoundImage {
  /** Absent where the registry's owner does not let it be asked. */
  readonly pushedAt?: Date | undefined;
}

const imageList = "https://aws.github.io/deep-learning-containers/reference/available_images/";

/** @param image absent where the registry has none of that tag or digest. */
export function judgeImage({ setting, uri }: ImageNeed, image: FoundImage | undefined, now: Date): Finding {
  const finding = about("images", "image", setting);
  if (image === undefined)
    return finding.problem(
      `${uri} does not exist`,
      "an image that jobs or endpoints can start from",
      `Correct ${setting} or the registry beside it: ${imageList}`,
    );
  return finding.ok(
    image.pushedAt === undefined ? `${uri} is there` : `${uri}, made ${age(image.pushedAt, now)}`,
  );
}

/** A machine image, as EC2 describes it. */
export interface FoundAmi {
  readonly id: string;
  readonly name: string;
  readonly state: string;
  readonly createdAt: Date | undefined;
  /** From then on it is not listed any more; it still starts until its owner takes it away. */
  readonly deprecatedAt: Date | undefined;
}

/** @param id absent where the public parameter that names the newest image does not exist. */
export function judgeAmi(
  source: string,
  id: string | undefined,
  ami: FoundAmi | undefined,
  now: Date,
): Finding {
  const finding = about("images", "ami", source);
  const fix =
    "Choose another under trainingBox.ami: https://docs.aws.amazon.com/dlami/latest/devguide/find-dlami-id.html";
  if (id === undefined) return finding.problem("does not exist in this region", "a Deep Learning AMI", fix);
  if (ami === undefined || ami.state !== "available")
    return finding.problem(
      ami === undefined ? `${id} does not exist in this region` : `${id} is ${ami.state}`,
      "an image that the box can start from",
      fix,
    );
  const made = ami.createdAt === undefined ? "" : `, made ${age(ami.createdAt, now)}`;
  const found = `${ami.id} (${ami.name})${made}`;
  if (ami.deprecatedAt === undefined || ami.deprecatedAt.getTime() > now.getTime()) return finding.ok(found);
  return finding.warning(
    `${found}, deprecated since ${day(ami.deprecatedAt)}`,
    "one that is not deprecated",
    fix,
  );
}

/**
 * The image that the box was made from, which stays when newer ones come.
 *
 * @param ami absent where its owner has taken it away.
 */
export function judgePinnedAmi(pinnedId: string, ami: FoundAmi | undefined, now: Date): Finding {
  const finding = about("images", "ami", "the training box as it is");
  const fix =
    "Make the box anew when nothing runs on it: `npx sagemaker-ops up -s <stack> -- --replace <its URN>`; its volume is lost.";
  if (ami === undefined)
    return finding.warning(
      `runs ${pinnedId}, which AWS has taken away: the box goes on, and cannot be made anew from it`,
      "an image that exists",
      fix,
    );
  const made = ami.createdAt === undefined ? "" : `, made ${age(ami.createdAt, now)}`;
  return ami.deprecatedAt !== undefined && ami.deprecatedAt.getTime() <= now.getTime()
    ? finding.warning(
        `runs ${pinnedId}${made}, deprecated since ${day(ami.deprecatedAt)}`,
        "one that is not deprecated",
        fix,
      )
    : finding.ok(`runs ${pinnedId}${made}`);
}

function age(date: Date, now: Date): string {
  const days = Math.max(0, Math.floor((now.getTime() - date.getTime()) / 86_400_000));
  return `${day(date)} (${days} ${days === 1 ? "day" : "days"} ago)`;
}

function day(date: Date): string {
  return date.toISOString().slice(0, 10);
}
