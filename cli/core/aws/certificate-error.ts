/** https://nodejs.org/api/tls.html#x509-certificate-error-codes */
const untrusted = /CERT|UNABLE_TO_VERIFY_LEAF_SIGNATURE|UNABLE_TO_GET_ISSUER/;

/** What to do where a proxy answers in the service's place. */
export const certificateStep =
  "Where a proxy reads the traffic, name its certificate in NODE_EXTRA_CA_CERTS.";

/** Node's code of a certificate that is not trusted, where that is what an error is about. */
export function untrustedCertificate(error: unknown): string | undefined {
  const { code } = (error ?? {}) as { readonly code?: string };
  return typeof code === "string" && untrusted.test(code) ? code : undefined;
}
