/** Names under which AWS and the SDK tell that credentials were good once. */
const expired = /^(?:ExpiredToken(?:Exception)?|ExpiredCredentials|TokenRefreshRequired)$/;
/** What finds credentials before anything is sent: files, the environment, a session of IAM Identity Center or of `aws login`. */
const providers = /^(?:Credentials|Token)ProviderError$/;

/** What is wrong with the caller's credentials, where that is what an error of the SDK says. */
export function credentialError(error: unknown): "missing" | "expired" | undefined {
  const { name = "", message = "" } = (error ?? {}) as { readonly name?: string; readonly message?: string };
  if (expired.test(name)) return "expired";
  if (!providers.test(name)) return undefined;
  // A session that has ended has no name of its own: "The SSO session associated with this profile has expired."
  return /\bexpired\b/i.test(message) ? "expired" : "missing";
}
