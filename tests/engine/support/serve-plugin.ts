import {
  Server,
  ServerCredentials,
  type ServiceDefinition,
  status,
  type UntypedHandleCall,
} from "@grpc/grpc-js";
import "../bin/end-with-engine.cjs";

/** As the engine has it: one archive may be more than the default of 4 MiB. */
const mostBytes = 400 * 1024 * 1024;

// biome-ignore lint/suspicious/noExplicitAny: each method of a service has request and response types of its own
type Method = (call: any, respond: any) => void;

/**
 * Serves one of Pulumi's plugin protocols on a free port, and prints the port: the engine reads it from the first line. Methods
 * that are not given are answered as unimplemented, which the engine takes for an answer where they are optional.
 */
export function serve(service: unknown, methods: Readonly<Record<string, Method>>): void {
  const definition = service as ServiceDefinition;
  const all = Object.keys(definition).map((name): [string, UntypedHandleCall] => [
    name,
    (methods[name] as UntypedHandleCall | undefined) ?? unimplemented(name),
  ]);
  const server = new Server({
    "grpc.max_receive_message_length": mostBytes,
    "grpc.max_send_message_length": mostBytes,
  });
  server.addService(definition, Object.fromEntries(all));
  server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, port) => {
    if (error !== null) throw error;
    process.stdout.write(`${port}\n`);
  });
}

function unimplemented(name: string): UntypedHandleCall {
  const answer: Method = (_call, respond) =>
    respond({ code: status.UNIMPLEMENTED, details: `${name} is not simulated` });
  return answer;
}
