/** The HTTP door: it reads requests and writes answers, and knows nothing of what they mean. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Random } from '../domain/ports.ts';
import type { Headers } from './auth.ts';
import { deliver, type Written } from './delivery.ts';
import type { Call, Router } from './router.ts';
import type { World } from './world.ts';

/** No body that anybody needs to send is larger. */
const BODY_BYTES_MAX = 1_048_576;

export class RestDoor {
  readonly #world: World;
  readonly #router: Router;
  readonly #random: Random;

  constructor(world: World, router: Router, random: Random) {
    this.#world = world;
    this.#router = router;
    this.#random = random;
  }

  readonly handle = (request: IncomingMessage, response: ServerResponse): void => {
    const parts: Buffer[] = [];
    let bytes = 0;
    request.on('data', (part: Buffer) => {
      bytes += part.length;
      if (bytes > BODY_BYTES_MAX) request.destroy();
      else parts.push(part);
    });
    request.on('end', () => this.#answer(request, response, Buffer.concat(parts).toString()));
  };

  #answer(request: IncomingMessage, response: ServerResponse, body: string): void {
    const call = callOf(request, body);
    const delivery = deliver(call, this.#world, this.#random, () => this.#router.answer(call));
    if (delivery.kind === 'cut') return void request.socket.destroy();
    const write = (): void => this.#write(response, delivery);
    if (delivery.afterMs === 0) write();
    else this.#world.later(delivery.afterMs, write);
  }

  #write(response: ServerResponse, delivery: Written): void {
    const { status, contentType, text } = delivery;
    response.sendDate = false;
    response.writeHead(status, {
      'content-type': contentType,
      'content-length': Buffer.byteLength(text),
      date: new Date(this.#world.stampMs()).toUTCString(),
    });
    response.end(text);
  }
}

export const pathOf = (url: string): URL => new URL(url, 'http://127.0.0.1');

function callOf(request: IncomingMessage, body: string): Call {
  const { pathname, searchParams } = pathOf(request.url ?? '/');
  const headers: Headers = request.headers;
  return { method: request.method ?? 'GET', path: pathname, query: searchParams, headers, body };
}
