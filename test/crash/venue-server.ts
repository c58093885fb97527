/**
 * Puts the exchange behind a socket: requests arrive late or never, answers get lost, reports come
 * twice. A request that has left a process is worked even if that process is dead by then.
 */

import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { messageOf } from '../../src/domain/errors.ts';
import type { Clock, Random } from '../../src/domain/ports.ts';
import { chance, uniform } from '../../src/env/draws.ts';
import { Exchange } from './exchange.ts';
import { type LineLink, lineLink } from './line-link.ts';
import type { CallName, FromEngine, ToEngine } from './protocol.ts';

/** One connection: an engine that waits, works, or is gone. */
export interface Guest {
  readonly link: LineLink<ToEngine>;
  readonly followed: Set<string>;
}

export interface ServerOptions {
  readonly clock: Clock;
  readonly random: Random;
  readonly heard: (guest: Guest, message: FromEngine) => void;
}

/** Commands are the ones that hurt when they get lost. */
const COMMANDS: readonly CallName[] = ['submit', 'amend', 'cancel'];

export class VenueServer {
  readonly exchange: Exchange;
  /** From now on nothing is lost any more. */
  isHealed = false;
  /** Called when an order leaves an engine. */
  onSubmit: () => void = () => undefined;
  readonly #options: ServerOptions;
  readonly #guests = new Set<Guest>();
  readonly #server: Server;

  constructor(options: ServerOptions) {
    const { clock, random } = options;
    this.#options = options;
    this.exchange = new Exchange({
      clock,
      random: random.fork('exchange'),
      report: (report) => this.#later(() => this.#publish({ kind: 'report', report })),
      book: (event) => {
        for (const { link, followed } of this.#guests)
          if (followed.has(event.symbol)) link.send({ kind: 'book', event });
      },
    });
    this.#server = createServer((socket) => this.#welcome(socket));
  }

  async listen(): Promise<number> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    const address = this.#server.address();
    return address !== null && typeof address === 'object' ? address.port : 0;
  }

  close(): void {
    this.exchange.stop();
    for (const { link } of this.#guests) link.close();
    this.#server.close();
  }

  #welcome(socket: Socket): void {
    const guest: Guest = {
      followed: new Set(),
      link: lineLink<ToEngine>(
        socket,
        (message: FromEngine) => this.#take(guest, message),
        () => this.#guests.delete(guest),
      ),
    };
    this.#guests.add(guest);
  }

  #take(guest: Guest, message: FromEngine): void {
    if (message.kind === 'follow') {
      guest.followed.add(message.symbol);
      guest.link.send({ kind: 'book', event: this.exchange.snapshot(message.symbol) });
    } else if (message.kind === 'call') this.#call(guest, message);
    else this.#options.heard(guest, message);
  }

  #call({ link }: Guest, { id, name, argument }: Extract<FromEngine, { kind: 'call' }>): void {
    if (name === 'submit') this.onSubmit();
    const mayHurt = COMMANDS.includes(name);
    if (mayHurt && this.#happens(0.01)) return;
    const isBroken = mayHurt && this.#happens(0.02);
    const isSilent = mayHurt && this.#happens(0.02);
    this.#later(() => {
      const answer = this.#answered(id, name, argument);
      const broken: ToEngine = { kind: 'refusal', id, reason: '503' };
      if (!isSilent) this.#later(() => link.send(isBroken ? broken : answer));
    });
  }

  #answered(id: number, name: CallName, argument: unknown): ToEngine {
    try {
      const ask = this.exchange[name].bind(this.exchange) as (argument: unknown) => unknown;
      return { kind: 'answer', id, value: ask(argument) ?? null };
    } catch (thrown) {
      return { kind: 'refusal', id, reason: messageOf(thrown) };
    }
  }

  #publish(message: ToEngine): void {
    if (this.#happens(0.01)) return;
    for (const { link } of this.#guests) link.send(message);
    if (this.#happens(0.03)) this.#later(() => this.#publish(message));
  }

  #happens(probability: number): boolean {
    return chance(this.#options.random, probability) && !this.isHealed;
  }

  /** One way over the network. */
  #later(then: () => void): void {
    const { clock, random } = this.#options;
    clock.setTimeout(then, uniform(random, 10, 150));
  }
}
