/** A server on this machine that takes what QuestDB's own client writes. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

export interface Written {
  readonly path: string;
  readonly bytes: Buffer;
}

/** Says which line protocols it knows; `takes` false: it answers every write with an error. */
export async function questServer(protocols: readonly number[]) {
  const written: Written[] = [];
  const state = { takes: true };
  const server = createServer((request, response) => {
    const path = request.url ?? '';
    if (path === '/settings') {
      const config = { 'line.proto.support.versions': protocols };
      response.end(JSON.stringify({ config }));
      return;
    }
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      if (state.takes) written.push({ path, bytes: Buffer.concat(chunks) });
      response.writeHead(state.takes ? 204 : 400).end(state.takes ? '' : 'no room');
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return { written, state, address: `http::addr=127.0.0.1:${port};` };
}

export const textOf = (written: readonly Written[]): string =>
  written.map(({ bytes }) => bytes.toString('latin1')).join('');
