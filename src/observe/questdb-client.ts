/**
 * QuestDB's own client: no dependency of ours, and loaded only where somebody asks for it. What it
 * does on the wire is its business.
 */
import { InputError } from '../domain/errors.ts';

/** The part of the client's `Sender` that is used. */
export interface QuestDbSender {
  table(name: string): QuestDbSender;
  symbol(name: string, value: string): QuestDbSender;
  stringColumn(name: string, value: string): QuestDbSender;
  intColumn(name: string, value: number): QuestDbSender;
  /** Of version 4.2 on, and of line protocol 3. */
  decimalColumnText?(name: string, value: string): QuestDbSender;
  at(timestamp: number, unit: 'ms'): Promise<void>;
  flush(): Promise<unknown>;
  /** Forgets what was not flushed. */
  reset(): unknown;
  close(): Promise<void>;
}

const PACKAGE = '@questdb/nodejs-client';

interface QuestDbClient {
  readonly Sender: {
    /** A promise since version 4. */
    fromConfig(
      config: string,
      extra: { readonly log: () => void },
    ): QuestDbSender | Promise<QuestDbSender>;
  };
}

/**
 * `config` as the client reads it: "http::addr=localhost:9000;". Rejects with an `InputError` where
 * the client is not there or refuses it; a password in it is shown by neither. A server that is
 * away is no fault: rows are of line protocol 1 then, which has no decimals (`protocol_version=3`).
 */
export async function questDbSender(
  config: string,
  load: (name: string) => Promise<unknown> = (name) => import(name),
): Promise<QuestDbSender> {
  let loaded: unknown;
  try {
    loaded = await load(PACKAGE);
  } catch {
    const wayOut = `npm install ${PACKAGE}`;
    throw new InputError(`a mirror in QuestDB needs ${PACKAGE}`, 'not installed', wayOut);
  }
  // A CommonJS module comes as its default, too.
  const { default: inner = loaded } = loaded as { readonly default?: unknown };
  const whole = withDefault(config, 'auto_flush=', 'off');
  // Its own log would go to stdout, among the lines of `serve`.
  const open = async (text: string): Promise<QuestDbSender> =>
    (inner as QuestDbClient).Sender.fromConfig(text, { log: () => undefined });
  const refuse = (): never => {
    const wayOut = 'write it like http::addr=localhost:9000;';
    throw new InputError('QuestDB is named as its client wants it', 'something else', wayOut);
  };
  // Over TCP it would have to be connected first, and no row that is refused is ever told.
  if (!/^https?::/.test(config)) return refuse();
  return open(whole)
    .catch(() => open(withDefault(whole, 'protocol_version=', '1')))
    .catch(refuse);
}

function withDefault(config: string, key: string, value: string): string {
  if (config.split(/::|;/).some((part) => part.startsWith(key))) return config;
  return `${config}${config.endsWith(';') ? '' : ';'}${key}${value};`;
}
