import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** For `--secrets-provider`. */
export const secretsProvider = "hashivault://engine-tests";

let served: Promise<NodeJS.ProcessEnv> | undefined;

/**
 * Keeps the keys of the tests' stacks, as the transit engine of a Vault does; resolves with what the CLI needs to find it. The key of a
 * passphrase would be derived anew in each run, with a million rounds, which is a quarter of a second of the processor
 * (https://github.com/pulumi/pulumi/blob/master/sdk/go/common/resource/config/crypt.go).
 */
export function secretsKeeper(): Promise<NodeJS.ProcessEnv> {
  served ??= new Promise((resolve, reject) => {
    const server = createServer((request, response) => {
      let text = "";
      request.setEncoding("utf8").on("data", (chunk: string) => {
        text += chunk;
      });
      request.on("end", () => {
        const body = JSON.parse(text) as { readonly plaintext?: string; readonly ciphertext?: string };
        response.setHeader("content-type", "application/json");
        response.end(JSON.stringify({ data: answered(body) }));
      });
    });
    server.on("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address() as AddressInfo;
      resolve({ VAULT_SERVER_URL: `http://127.0.0.1:${port}`, VAULT_SERVER_TOKEN: "of a test" });
    });
    server.unref();
  });
  return served;
}

const mark = "vault:v1:";

/** What is wrapped is the key of a stack that lasts as long as its test. */
function answered({ plaintext = "", ciphertext }: { plaintext?: string; ciphertext?: string }) {
  return ciphertext === undefined
    ? { ciphertext: `${mark}${plaintext}` }
    : { plaintext: ciphertext.slice(mark.length) };
}
