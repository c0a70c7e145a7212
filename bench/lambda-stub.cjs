"use strict";

// Stands for the endpoint: answers every request at once, with 133 logits; over TLS where STUB_TLS names a folder with key.pem
// and cert.pem. Prints its port.
const { readFileSync } = require("node:fs");
const http = require("node:http");
const https = require("node:https");
const { join } = require("node:path");

const body = JSON.stringify([Array.from({ length: 133 }, (_, index) => Math.sin(index) * 3)]);
const answer = (response) => response.writeHead(200, { "content-type": "application/json" }).end(body);
const folder = process.env.STUB_TLS ?? "";
const listener = (request, response) => {
  request.resume();
  request.on("end", () => answer(response));
};
const pem = (name) => readFileSync(join(folder, `${name}.pem`));
const server =
  folder === ""
    ? http.createServer(listener)
    : https.createServer({ key: pem("key"), cert: pem("cert") }, listener);
server.keepAliveTimeout = 60_000;
server.listen(0, "127.0.0.1", 1024, () => {
  process.stdout.write(`${server.address().port}\n`);
});
