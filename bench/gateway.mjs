// What the benchmarks share: starting the gateway of bench/serve.mjs, calling it, reading its memory.
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import http from 'node:http';
import net from 'node:net';
import path from 'node:path';

/** As `npm start` has them. */
const MEMORY_FLAGS = JSON.parse(fs.readFileSync(new URL('../package.json', import.meta.url), 'utf8')).scripts.start.match(/--\S+/g);

const agent = new http.Agent({ keepAlive: true });
const freePort = () => new Promise((resolve) => {
  const server = net.createServer().listen(0, '127.0.0.1', () => { const { port } = server.address(); server.close(() => resolve(port)); });
});

/** Starts the gateway; resolves when /readyz answers 200, with the milliseconds that it took. */
export async function startGateway(environment = {}) {
  const port = await freePort();
  const began = performance.now();
  const child = spawn(process.execPath, [...MEMORY_FLAGS, path.resolve(import.meta.dirname, 'serve.mjs')], { stdio: ['ignore', 'ignore', 'inherit'], env: { ...process.env, ...environment, PORT: String(port) } });
  const url = `http://127.0.0.1:${port}`;
  while (!(await fetch(`${url}/readyz`).then((r) => r.ok, () => false))) {
    if (child.exitCode !== null) throw new Error(`the gateway ended with ${child.exitCode}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  const readyMs = performance.now() - began;
  return { url, readyMs, memoryMiB: (what) => memoryMiB(child.pid, what), stop: () => new Promise((resolve) => { child.once('exit', resolve); child.kill('SIGTERM'); }) };
}

/** `VmRSS` now, `VmHWM` at its peak. */
function memoryMiB(pid, what) {
  return Math.round(Number(new RegExp(`${what}:\\s+(\\d+)`).exec(fs.readFileSync(`/proc/${pid}/status`, 'utf8'))[1]) / 1024);
}

export const envelope = (operation, children) => '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>'
  + `<w:${operation}Request xmlns:w="http://ws4pm.imio.be">${children}</w:${operation}Request></s:Body></s:Envelope>`;

/** Posts a body (a string, or a stream with its length unknown) and hands the answer's chunks to `onData`. */
export function post(url, body, onData) {
  return new Promise((resolve, reject) => {
    const request = http.request(`${url}/ws4pm`, { method: 'POST', agent, auth: 'bench:bench', headers: { 'Content-Type': 'text/xml; charset=utf-8' } }, (response) => {
      const chunks = [];
      response.on('data', onData ?? ((chunk) => chunks.push(chunk)));
      response.on('end', () => {
        const text = Buffer.concat(chunks).toString();
        if (response.statusCode === 200) resolve(text); else reject(new Error(`${response.statusCode} ${text.slice(0, 500)}`));
      });
      response.on('error', reject);
    });
    request.on('error', reject);
    if (typeof body === 'string') request.end(body); else body.pipe(request);
  });
}

export const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
