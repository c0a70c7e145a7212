/**
 * Stands in the archive for the SDK's chain of credential providers, which is a third of the SDK: profiles, single sign-on,
 * the metadata of instances and containers. Lambda hands a function its role's credentials in the environment, and replaces
 * the environment before they expire.
 * Source: https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html
 */
export function defaultProvider() {
  return async () => {
    const { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN } = process.env;
    if (AWS_ACCESS_KEY_ID === undefined || AWS_SECRET_ACCESS_KEY === undefined) {
      throw Object.assign(new Error("The environment has no AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY."), {
        name: "CredentialsProviderError",
      });
    }
    return {
      accessKeyId: AWS_ACCESS_KEY_ID,
      secretAccessKey: AWS_SECRET_ACCESS_KEY,
      ...(AWS_SESSION_TOKEN === undefined ? {} : { sessionToken: AWS_SESSION_TOKEN }),
    };
  };
}
