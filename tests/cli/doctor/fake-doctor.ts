import {
  type Answer,
  type FakeRequest,
  type Handled,
  type Handler,
  json,
  jsonRefusal,
  pageOf,
  Refusal,
  xml,
} from "../prune/fake-aws";

export interface FakeQuota {
  readonly name: string;
  readonly code: string;
  readonly value: number;
  /** In use by the account. @default - no metric tells */
  readonly usage?: number;
}

/** An account, as far as `doctor` looks at it. */
export interface FakeAccountLimits {
  readonly quotas: Record<string, FakeQuota[]>;
  readonly defaults: Record<string, FakeQuota[]>;
  concurrency: { limit: number; unreserved: number };
  readonly reserved: Map<string, number>;
  /** Day of creation by role. */
  readonly roles: Map<string, string>;
  /** Day of the last use by service, by role; null where it never was. */
  readonly used: Map<string, Record<string, string | null>>;
  /** How often the report on a role is not ready when it is asked for. */
  reportLooks: number;
  /** Day of pushing by `repository:tag`. */
  readonly images: Map<string, string>;
  /** Id by name of a public parameter. */
  readonly parameters: Map<string, string>;
  readonly amis: Map<
    string,
    { readonly createdAt: string; readonly deprecatedAt: string; readonly state?: string }
  >;
  /** By name of an endpoint; each has one variant, and a configuration of its own name. */
  readonly endpoints: Map<string, { readonly instanceType: string; readonly instances: number }>;
  /** Stack by ARN. */
  readonly tagged: Map<string, string>;
}

/** The operations that `doctor` asks for and no others, in the forms of the services' API references. */
export function doctorHandlers(account: FakeAccountLimits): readonly Handler[] {
  return [
    (request) => jsonOperation(request, account),
    (request) => lambdaOperation(request, account),
    (request) => queryOperation(request, account),
  ];
}

type Input = Readonly<Record<string, string | undefined>> & { readonly NextToken?: string };

function jsonOperation({ headers, body }: FakeRequest, account: FakeAccountLimits): Handled | undefined {
  const operation = String(headers["x-amz-target"] ?? "").split(".")[1] ?? "";
  const operations: Record<
    string,
    (input: Input) => { readonly about: string; readonly output: () => unknown }
  > = {
    ListServiceQuotas: ({ ServiceCode = "", NextToken }) => ({
      about: ServiceCode,
      output: () => quotaPage(ServiceCode, account.quotas[ServiceCode] ?? [], NextToken),
    }),
    ListAWSDefaultServiceQuotas: ({ ServiceCode = "", NextToken }) => ({
      about: ServiceCode,
      output: () => quotaPage(ServiceCode, account.defaults[ServiceCode] ?? [], NextToken),
    }),
    GetMetricStatistics: ({ MetricName = "" }) => ({
      about: MetricName,
      output: () => ({
        Datapoints: [
          { Timestamp: 1000, Maximum: 999 },
          {
            Timestamp: 2000,
            Maximum: Object.values(account.quotas)
              .flat()
              .find(({ code }) => code === MetricName)?.usage,
          },
        ],
      }),
    }),
    DescribeEndpoint: ({ EndpointName = "" }) =>
      endpoint(EndpointName, account, ({ instances }) => ({
        EndpointConfigName: EndpointName,
        ProductionVariants: [{ VariantName: "AllTraffic", CurrentInstanceCount: instances }],
      })),
    DescribeEndpointConfig: ({ EndpointConfigName = "" }) =>
      endpoint(EndpointConfigName, account, ({ instanceType }) => ({
        ProductionVariants: [{ VariantName: "AllTraffic", InstanceType: instanceType }],
      })),
    GetParameter: ({ Name = "" }) => ({
      about: Name,
      output: () => {
        const Value = account.parameters.get(Name);
        if (Value === undefined) throw new Refusal("ParameterNotFound", "");
        return { Parameter: { Name, Value } };
      },
    }),
    DescribeImages: (input) =>
      image(input, account, (pushedAt) => ({ imageDetails: [{ imagePushedAt: pushedAt }] })),
    BatchGetImage: (input) => image(input, account, () => ({ images: [{}] })),
    GetResources: ({ PaginationToken }) => ({
      about: "",
      output: () => {
        const { items, next } = pageOf(
          [...account.tagged],
          PaginationToken === "" ? undefined : PaginationToken,
        );
        return {
          PaginationToken: next ?? "",
          ResourceTagMappingList: items.map(([ResourceARN, Value]) => ({
            ResourceARN,
            Tags: [{ Key: "sagemaker-ops:stack", Value }],
          })),
        };
      },
    }),
  };
  const asked = operations[operation]?.(JSON.parse(body.toString()) as Input);
  if (asked === undefined) return undefined;
  const { about, output } = asked;
  return { call: { operation, about }, answer: () => json(output()), refuse: jsonRefusal };
}

function endpoint(
  name: string,
  { endpoints }: FakeAccountLimits,
  output: (found: { readonly instanceType: string; readonly instances: number }) => unknown,
): { readonly about: string; readonly output: () => unknown } {
  return {
    about: name,
    output: () => {
      const found = endpoints.get(name);
      if (found === undefined) throw new Refusal("ValidationException", `Could not find endpoint "${name}".`);
      return output(found);
    },
  };
}

function image(
  input: Input,
  account: FakeAccountLimits,
  output: (pushedAt: number) => unknown,
): { readonly about: string; readonly output: () => unknown } {
  const { repositoryName, imageIds } = input as unknown as {
    repositoryName: string;
    imageIds: { imageTag: string }[];
  };
  const name = `${repositoryName}:${imageIds[0]?.imageTag}`;
  return {
    about: name,
    output: () => {
      const pushedAt = account.images.get(name);
      if (pushedAt === undefined) throw new Refusal("ImageNotFoundException", "");
      return output(Date.parse(pushedAt) / 1000);
    },
  };
}

function quotaPage(ServiceCode: string, quotas: readonly FakeQuota[], token: string | undefined): unknown {
  const { items, next } = pageOf(quotas, token);
  return {
    NextToken: next,
    Quotas: items.map(({ name, code, value, usage }) => ({
      ServiceCode,
      QuotaName: name,
      QuotaCode: code,
      Value: value,
      Adjustable: true,
      ...(usage === undefined
        ? {}
        : {
            UsageMetric: {
              MetricNamespace: "AWS/Usage",
              MetricName: code,
              MetricDimensions: { Service: ServiceCode },
              MetricStatisticRecommendation: "Maximum",
            },
          }),
    })),
  };
}

function lambdaOperation({ method, url }: FakeRequest, account: FakeAccountLimits): Handled | undefined {
  if (method !== "GET") return undefined;
  const answer = (operation: string, about: string, output: () => unknown): Handled => ({
    call: { operation, about },
    answer: () => json(output()),
    refuse: jsonRefusal,
  });
  if (url.pathname === "/2016-08-19/account-settings")
    return answer("GetAccountSettings", "", () => ({
      AccountLimit: {
        ConcurrentExecutions: account.concurrency.limit,
        UnreservedConcurrentExecutions: account.concurrency.unreserved,
      },
    }));
  const name = /^\/2019-09-30\/functions\/([^/]+)\/concurrency$/.exec(url.pathname)?.[1];
  if (name === undefined) return undefined;
  return answer("GetFunctionConcurrency", name, () => {
    if (!account.reserved.has(name)) throw new Refusal("ResourceNotFoundException", "", 404);
    return { ReservedConcurrentExecutions: account.reserved.get(name) };
  });
}

/** IAM and EC2 take forms, and answer in XML. */
function queryOperation({ body }: FakeRequest, account: FakeAccountLimits): Handled | undefined {
  const form = new URLSearchParams(body.toString());
  const operation = form.get("Action") ?? "";
  const about = form.get("RoleName") ?? form.get("Arn") ?? form.get("JobId") ?? "";
  const operations: Record<string, () => Answer> = {
    GetRole: () => {
      const createdAt = account.roles.get(about);
      if (createdAt === undefined)
        throw new Refusal("NoSuchEntity", `The role ${about} cannot be found.`, 404);
      return iam(
        operation,
        `<Role><RoleName>${about}</RoleName><Arn>arn:aws:iam::123456789012:role/${about}</Arn><RoleId>A</RoleId><Path>/</Path><CreateDate>${createdAt}T00:00:00Z</CreateDate></Role>`,
      );
    },
    GenerateServiceLastAccessedDetails: () => iam(operation, `<JobId>${about.split("/").pop()}</JobId>`),
    GetServiceLastAccessedDetails: () => {
      if (account.reportLooks > 0) {
        account.reportLooks -= 1;
        return iam(operation, "<JobStatus>IN_PROGRESS</JobStatus><ServicesLastAccessed/>");
      }
      const services = Object.entries(account.used.get(about) ?? {});
      const { items, next } = pageOf(services, form.get("Marker") ?? undefined);
      return iam(
        operation,
        `<JobStatus>COMPLETED</JobStatus><IsTruncated>${next !== undefined}</IsTruncated>${next === undefined ? "" : `<Marker>${next}</Marker>`}<ServicesLastAccessed>${items.map(service).join("")}</ServicesLastAccessed>`,
      );
    },
    DescribeImages: () => {
      const ids = [...form].filter(([key]) => /^Filter\.1\.Value\.\d+$/.test(key)).map(([, id]) => id);
      const found = ids.flatMap((id) => {
        const ami = account.amis.get(id);
        return ami === undefined
          ? []
          : [
              `<item><imageId>${id}</imageId><name>Deep Learning AMI</name><imageState>${ami.state ?? "available"}</imageState><creationDate>${ami.createdAt}T00:00:00.000Z</creationDate><deprecationTime>${ami.deprecatedAt}T00:00:00.000Z</deprecationTime></item>`,
            ];
      });
      return xml(
        `<DescribeImagesResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"><imagesSet>${found.join("")}</imagesSet></DescribeImagesResponse>`,
      );
    },
  };
  const answer = operations[operation];
  if (answer === undefined) return undefined;
  return {
    call: { operation, about },
    answer,
    refuse: ({ code, message, status }) => ({
      status,
      headers: { "content-type": "text/xml" },
      body: `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error></ErrorResponse>`,
    }),
  };
}

function service([namespace, day]: readonly [string, string | null]): string {
  const action = `<member><ActionName>LastOf${namespace}</ActionName><LastAccessedTime>${day}T00:00:00Z</LastAccessedTime></member>`;
  return `<member><ServiceName>${namespace}</ServiceName><ServiceNamespace>${namespace}</ServiceNamespace>${day === null ? "" : `<LastAuthenticated>${day}T00:00:00Z</LastAuthenticated><TrackedActionsLastAccessed>${action}<member><ActionName>UnusedOf${namespace}</ActionName></member></TrackedActionsLastAccessed>`}</member>`;
}

function iam(operation: string, content: string): Answer {
  return xml(
    `<${operation}Response xmlns="https://iam.amazonaws.com/doc/2010-05-08/"><${operation}Result>${content}</${operation}Result></${operation}Response>`,
  );
}
