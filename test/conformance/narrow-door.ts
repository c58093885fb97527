/**
 * Between an adapter and a venue, on loopback: pages become short, and calls can be lost on their
 * way. Signatures do not cover the query, so that the venue does not notice.
 */
import {
  createServer,
  type IncomingMessage,
  type ServerResponse,
  request as send,
} from 'node:http';
import type { AddressInfo } from 'node:net';

export class NarrowDoor {
  /** The next command goes no further. */
  cutsCommand = false;
  /** The next page after a first one goes no further. */
  cutsPage = false;
  readonly #target: URL;
  readonly #rows: number;
  readonly #server = createServer((request, response) => this.#pass(request, response));

  /** Of `rows` rows a page, to the venue whose address this is. */
  constructor(target: string, rows: number) {
    this.#target = new URL(target);
    this.#rows = rows;
  }

  /** The address that it is reached by. */
  async open(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    const { port } = this.#server.address() as AddressInfo;
    return `http://127.0.0.1:${port}${this.#target.pathname}`;
  }

  async close(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#server.close(() => resolve());
      this.#server.closeAllConnections();
    });
  }

  #pass(request: IncomingMessage, response: ServerResponse): void {
    const url = new URL(request.url ?? '/', this.#target);
    if (url.searchParams.has('limit')) url.searchParams.set('limit', String(this.#rows));
    if (this.#isCut(request.method, url)) return void request.socket.destroy();
    const { hostname, port } = this.#target;
    const { method, headers } = request;
    const path = `${url.pathname}${url.search}`;
    const onward = send({ hostname, port, method, path, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    onward.on('error', () => response.destroy());
    request.pipe(onward);
  }

  #isCut(method: string | undefined, { searchParams }: URL): boolean {
    const isCommand = method !== 'GET' && this.cutsCommand;
    const isPage = searchParams.has('cursor') && this.cutsPage;
    if (isCommand) this.cutsCommand = false;
    if (isPage) this.cutsPage = false;
    return isCommand || isPage;
  }
}
