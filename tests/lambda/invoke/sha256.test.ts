import assert from "node:assert/strict";
import { SignatureV4 } from "@smithy/signature-v4";
import { Sha256 } from "../../../lambda/invoke/sha256";

describe("SHA-256 of the invoke function's signatures", () => {
  const hex = async (data: Parameters<Sha256["update"]>[0], secret?: Parameters<Sha256["update"]>[0]) => {
    const hash = new Sha256(secret);
    hash.update(data);
    return Buffer.from(await hash.digest()).toString("hex");
  };

  // https://csrc.nist.gov/projects/cryptographic-standards-and-guidelines/example-values
  it("hashes text and bytes of every kind", async () => {
    const abc = Uint8Array.from([97, 98, 99]);
    const surrounded = Uint8Array.from([0, 97, 98, 99, 0]).buffer;
    for (const data of ["abc", abc, abc.buffer, new DataView(surrounded, 1, 3)])
      assert.equal(await hex(data), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  });

  // RFC 4231, test case 2.
  it("takes a secret as text and as bytes", async () => {
    const expected = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843";
    for (const secret of ["Jefe", Buffer.from("Jefe"), Uint8Array.from(Buffer.from("Jefe")).buffer])
      assert.equal(await hex("what do ya want for nothing?", secret), expected);
  });

  // https://docs.aws.amazon.com/IAM/latest/UserGuide/signature-v4-test-suite.html, get-vanilla
  it("signs as AWS's test suite says", async () => {
    const signer = new SignatureV4({
      service: "service",
      region: "us-east-1",
      credentials: {
        accessKeyId: "AKIDEXAMPLE",
        secretAccessKey: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
      },
      sha256: Sha256,
      applyChecksum: false,
    });
    const request = {
      method: "GET",
      protocol: "https:",
      hostname: "example.amazonaws.com",
      path: "/",
      headers: { host: "example.amazonaws.com" },
    };

    const { headers } = await signer.sign(request, { signingDate: new Date("2015-08-30T12:36:00Z") });

    assert.match(
      headers.authorization ?? "",
      /Signature=5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31$/,
    );
  });
});
