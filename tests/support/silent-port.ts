import { spawn } from "node:child_process";
import { connect, type Socket } from "node:net";

/**
 * A local port that completes no connection: a process listens with a queue of one and never accepts, and the queue is full.
 * The kernel then drops what asks to connect, as a host does that is gone. Linux only.
 */
export async function silentPort(): Promise<{ readonly port: number; close(): void }> {
  const program = `const server = require("node:net").createServer();
    server.listen({ port: 0, host: "127.0.0.1", backlog: 1 }, () => {
      require("node:fs").writeSync(1, String(server.address().port) + "\\n");
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
    });`;
  const child = spawn(process.execPath, ["--eval", program], { stdio: ["ignore", "pipe", "inherit"] });
  const port = await new Promise<number>((resolve, reject) => {
    child.once("error", reject);
    child.stdout.once("data", (text) => resolve(Number(String(text))));
  });
  const fillers: Socket[] = [];
  for (;;) {
    const socket = connect(port, "127.0.0.1");
    // It is cut when the process ends.
    socket.on("error", () => socket.destroy());
    fillers.push(socket);
    const connected = await new Promise<boolean>((resolve) => {
      socket.once("connect", () => resolve(true));
      setTimeout(() => resolve(false), 200);
    });
    if (!connected) break;
  }
  return {
    port,
    close: () => {
      for (const socket of fillers) socket.destroy();
      child.kill("SIGKILL");
    },
  };
}
