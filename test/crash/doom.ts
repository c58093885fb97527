/** The hand that kills a process at the point CRASH_POINT when it passes there CRASH_PASS times. */
import process from 'node:process';

declare global {
  /** What the planted lines call; it does not come back from the chosen one. */
  var crashPoint: (name: string) => void;
  /** Starts without a clean stop that halt nothing. */
  var bootsMax: number;
}

/** Before an engine is made. */
export function awaitDoom(): void {
  const wanted = process.env['CRASH_POINT'] ?? '';
  let passesLeft = Number(process.env['CRASH_PASS'] ?? 0);
  globalThis.crashPoint = (name) => {
    if (name !== wanted) return;
    passesLeft -= 1;
    if (passesLeft === 0) process.kill(process.pid, 'SIGKILL');
  };
}
