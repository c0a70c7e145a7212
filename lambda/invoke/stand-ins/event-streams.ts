/**
 * Stands in the archive for the codec of event streams, which only InvokeEndpointWithResponseStream speaks. The client makes one whether or
 * not it is asked for such a call.
 */
export function eventStreamSerdeProvider(): Readonly<Record<string, never>> {
  return {};
}

export function resolveEventStreamSerdeConfig<T>(config: T): T {
  return config;
}
