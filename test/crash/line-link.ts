/** JSON, one message a line, over a socket of this machine. It keeps order, and nothing else. */
import type { Socket } from 'node:net';

export interface LineLink<Out> {
  send(message: Out): void;
  close(): void;
}

/** `take` is given what was sent from the other end: both speak the same protocol. */
export function lineLink<Out>(
  socket: Socket,
  take: (message: never) => void,
  gone: () => void,
): LineLink<Out> {
  let rest = '';
  // A process that is killed resets its socket: its end is news, not a fault.
  socket.on('error', () => socket.destroy());
  socket.on('close', gone);
  socket.setNoDelay(true);
  socket.setEncoding('utf8').on('data', (text: string) => {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) take(JSON.parse(line) as never);
  });
  return {
    send: (message) => {
      if (!socket.destroyed) socket.write(`${JSON.stringify(message)}\n`);
    },
    close: () => socket.destroy(),
  };
}
