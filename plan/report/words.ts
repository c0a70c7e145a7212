/** Words for a reader: resource types, their plurals, amounts of them. */

const acronyms: Readonly<Record<string, string>> = {
  acl: "ACL",
  api: "API",
  iam: "IAM",
  nat: "NAT",
  url: "URL",
  vpc: "VPC",
};

/** Services whose types of one word say too little alone: "policy", "target", "instance". */
const services: Readonly<Record<string, string>> = {
  appautoscaling: "scaling",
  ec2: "EC2",
  iam: "IAM",
  kms: "KMS",
  lambda: "Lambda",
  s3: "S3",
  sns: "SNS",
  sqs: "SQS",
  ssm: "SSM",
};

/** The service of an AWS type, the first part of any other: `aws:s3/bucket:Bucket` → `s3`. */
export function serviceOf(type: string): string {
  return /^aws:([^/:]+)/.exec(type)?.[1] ?? type.split(":")[0] ?? "";
}

/** The last part of a type as words: `aws:s3/bucketVersioning:BucketVersioning` → `bucket`, `versioning`. */
export function typeParts(type: string): string[] {
  const last = (type.split(":").pop() ?? type).replace(/(?<=.)v\d+$/i, "");
  const words = last.match(/[A-Z]+(?![a-z])|[A-Z][a-z0-9]*|[a-z0-9]+/g) ?? [last];
  return words.map((word) => acronyms[word.toLowerCase()] ?? word.toLowerCase());
}

/** A type for a reader: "endpoint configuration", "IAM role", "secure bucket". */
export function typeWords(type: string): string {
  const provider = /^pulumi:providers:(.+)$/.exec(type)?.[1];
  if (provider !== undefined) return `${provider} provider`;
  const parts = typeParts(type);
  const [only = ""] = parts;
  const service = type.startsWith("aws:") && parts.length === 1 ? services[serviceOf(type)] : undefined;
  return service === undefined || only === only.toUpperCase() ? parts.join(" ") : `${service} ${only}`;
}

/** "2 policies", "1 role", "3 access". */
export function amountOf(amount: number, noun: string): string {
  return `${amount} ${amount === 1 ? noun : plural(noun)}`;
}

export function plural(noun: string): string {
  if (/s$/.test(noun)) return noun;
  return /[^aeiou]y$/.test(noun) ? `${noun.slice(0, -1)}ies` : `${noun}s`;
}

/** "multi-provisioned" below "multi" is "provisioned"; undefined for a name that does not start with its owner's. */
export function suffixOf(name: string, owner: string): string | undefined {
  return name.startsWith(`${owner}-`) ? name.slice(owner.length + 1) : undefined;
}
