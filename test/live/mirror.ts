/**
 * A door before an emulator's REST that answers some calls itself, as a proxy that is broken would:
 * with what it was told. All other calls go through.
 */
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Strange {
  readonly status: number;
  /** Text goes out as it is, everything else as JSON. */
  readonly body: unknown;
}

export interface Told {
  readonly method: string;
  /** Below "/trade-api/v2", with the query. */
  readonly place: string;
  readonly keyId: string;
  readonly signature: string;
}

export interface Mirror {
  readonly restUrl: string;
  /** All signatures that it saw. */
  readonly signatures: ReadonlySet<string>;
  readonly close: () => void;
}

const toldBy = ({ method = '', url = '', headers }: IncomingMessage): Told => ({
  method,
  place: url.replace('/trade-api/v2', ''),
  keyId: String(headers['kalshi-access-key']),
  signature: String(headers['kalshi-access-signature']),
});

function forward(incoming: IncomingMessage, response: ServerResponse, restUrl: string): void {
  const { method, url = '', headers } = incoming;
  const outgoing = request(new URL(url, restUrl), { method, headers }, (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(response);
  });
  outgoing.on('error', () => response.destroy());
  incoming.pipe(outgoing);
}

/** `answer` gives null for a call that goes through. */
export async function startMirror(
  restUrl: string,
  answer: (told: Told) => Strange | null,
): Promise<Mirror> {
  const signatures = new Set<string>();
  const server = createServer((incoming, response) => {
    const told = toldBy(incoming);
    signatures.add(told.signature);
    const strange = answer(told);
    if (strange === null) return forward(incoming, response, restUrl);
    incoming.resume();
    const { status, body } = strange;
    response.writeHead(status).end(typeof body === 'string' ? body : JSON.stringify(body));
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  const close = (): void => {
    server.close();
    server.closeAllConnections();
  };
  return { restUrl: `http://127.0.0.1:${port}/trade-api/v2`, signatures, close };
}
