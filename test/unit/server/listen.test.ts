import { expect } from 'chai';
import { once } from 'node:events';
import http from 'node:http';
import net from 'node:net';
import { listen, type RunningServer } from '../../../src/server/listen.js';
import { waitFor } from '../../support/gateway-process.js';

function closeOf(socket: net.Socket): Promise<void> {
  return new Promise((resolve) => { socket.on('close', () => { resolve(); }).resume(); });
}

describe('the listening server', () => {
  const running: RunningServer[] = [];
  const sockets: net.Socket[] = [];

  async function start(onRequest: http.RequestListener, patience?: { still: number; leftover: number }): Promise<RunningServer> {
    const server = await listen({ host: '127.0.0.1', port: 0, tls: null, onRequest, onCheckContinue: onRequest, ...(patience === undefined ? {} : { patience }) });
    running.push(server);
    return server;
  }

  async function connect({ port }: RunningServer): Promise<net.Socket> {
    const socket = net.connect(port, '127.0.0.1').on('error', () => undefined);
    sockets.push(socket);
    await once(socket, 'connect');
    return socket;
  }

  afterEach(async () => {
    for (const socket of sockets.splice(0)) socket.destroy();
    for (const server of running.splice(0)) await server.close(0);
  });

  it('cuts a caller that never takes its answer', async () => {
    const answer = Buffer.alloc(64 * 1024 * 1024);
    let closed: Promise<unknown> | undefined;
    const server = await start((_request, response) => {
      closed = once(response, 'close');
      response.end(answer);
    }, { still: 50, leftover: 50 });
    const socket = await connect(server);
    socket.pause().write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
    await waitFor(() => closed !== undefined, 5000, () => 'the request did not arrive');
    await closed;
    let received = 0;
    socket.on('data', (chunk) => { received += chunk.length; });
    await closeOf(socket);
    expect(received).to.be.below(answer.length);
  });

  it('cuts what is left of a body after the answer, however steadily it drips', async () => {
    const socket = await connect(await start((_request, response) => { response.end('no'); }, { still: 60_000, leftover: 60 }));
    const drip = setInterval(() => socket.write('a'), 5);
    try {
      socket.resume().write('POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 60000\r\n\r\n');
      await closeOf(socket);
    } finally {
      clearInterval(drip);
    }
  });

  it('leaves a connection alone whose body came whole', async () => {
    const socket = await connect(await start((request, response) => { request.resume(); response.end('yes'); }, { still: 60_000, leftover: 1 }));
    socket.setEncoding('latin1');
    for (let round = 0; round < 3; round += 1) {
      socket.write('POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc');
      const [answer] = await once(socket, 'data') as [string];
      expect(answer).to.include('200 OK').and.match(/connection: keep-alive/i);
    }
  });

  it('ends while callers keep their connections: each gets its answer, and is told that it was the last', async () => {
    const waiting: http.ServerResponse[] = [];
    const server = await start((_request, response) => { waiting.push(response); });
    const agent = new http.Agent({ keepAlive: true });
    const answers = [1, 2, 3, 4].map(async () => {
      const request = http.get({ port: server.port, host: '127.0.0.1', agent });
      const [response] = await once(request, 'response') as [http.IncomingMessage];
      response.resume();
      return response.headers.connection;
    });
    await waitFor(() => waiting.length === 4, 5000, () => 'the requests did not arrive');
    waiting[0]?.write('an answer that has begun');
    const started = performance.now();
    const closed = server.close(60_000);
    for (const response of waiting) response.end('yes');
    expect(await Promise.all(answers)).to.deep.equal(['keep-alive', 'close', 'close', 'close']);
    await closed;
    expect(performance.now() - started).to.be.below(5000);
    agent.destroy();
  });

  it('ends without waiting for connections that never asked for anything', async () => {
    const server = await start((_request, response) => { response.end('yes'); });
    const socket = await connect(server);
    // the answer to another caller shows that the first connection was accepted
    const [response] = await once(http.get({ port: server.port, host: '127.0.0.1', agent: false }), 'response') as [http.IncomingMessage];
    response.resume();
    const started = performance.now();
    await Promise.all([server.close(60_000), closeOf(socket)]);
    expect(performance.now() - started).to.be.below(5000);
  });
});
