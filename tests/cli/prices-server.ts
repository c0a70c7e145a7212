import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";

interface GetProducts {
  readonly ServiceCode: string;
  readonly Filters: readonly { readonly Type: string; readonly Field: string; readonly Value: string }[];
  readonly NextToken?: string;
}

/** What the server answers a request with, instead of products. */
export interface Refusal {
  readonly status: number;
  readonly type: string;
  readonly message: string;
}

export interface PriceListServer {
  readonly url: string;
  /** Every request that was answered, in order. */
  readonly requests: readonly GetProducts[];
  /** Taken one per request before any product is given out. */
  readonly refusals: Refusal[];
  readonly close: () => Promise<void>;
}

/**
 * The Price List API's protocol (AWS JSON 1.1) over real HTTP: filters on usage type, pages of two, and refusals as told.
 * Other filters are recorded, not applied.
 */
export async function startPriceListServer(products: readonly string[]): Promise<PriceListServer> {
  const requests: GetProducts[] = [];
  const refusals: Refusal[] = [];
  const server = createServer((request, response) => {
    void bodyOf(request).then((body) => {
      const asked = JSON.parse(body) as GetProducts;
      requests.push(asked);
      const refusal = refusals.shift();
      const wrongTarget = request.headers["x-amz-target"] !== "AWSPriceListService.GetProducts";
      const answer =
        refusal !== undefined
          ? { __type: refusal.type, message: refusal.message }
          : wrongTarget
            ? { __type: "UnknownOperationException" }
            : page(products, asked);
      response.writeHead(refusal?.status ?? (wrongTarget ? 400 : 200), {
        "content-type": "application/x-amz-json-1.1",
      });
      response.end(JSON.stringify(answer));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    refusals,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function page(products: readonly string[], { ServiceCode, Filters, NextToken }: GetProducts): object {
  const part = Filters.find(({ Field, Type }) => Field === "usagetype" && Type === "CONTAINS")?.Value;
  const found = products.filter((text) => {
    if (!text.includes('"serviceCode"')) return true;
    const { serviceCode, product } = JSON.parse(text) as {
      serviceCode: string;
      product: { attributes: { usagetype: string } };
    };
    return serviceCode === ServiceCode && (part === undefined || product.attributes.usagetype.includes(part));
  });
  const start = Number(NextToken ?? "0");
  return {
    FormatVersion: "aws_v1",
    PriceList: found.slice(start, start + 2),
    ...(start + 2 < found.length ? { NextToken: String(start + 2) } : {}),
  };
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let body = "";
  for await (const chunk of request.setEncoding("utf8")) body += chunk;
  return body;
}
