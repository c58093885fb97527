/** The section `mirror` of the configuration: a copy of fills, metrics and books in QuestDB. */
import { resolve } from 'node:path';
import type { Config } from '../config/schema.ts';
import { type Log, liveClock, questDb, questDbSender, secretLines } from '../index.ts';
import type { Io } from './io.ts';
import { NO_SINK, type OpenSink } from './sink.ts';

/** Rejects with an `InputError` for what is no address of QuestDB, and without its client. */
export async function openMirror(
  { mirror: { questDbFile, decimals } }: Pick<Config, 'mirror'>,
  { folder }: Pick<Io, 'folder'>,
  log: Log,
): Promise<OpenSink> {
  if (questDbFile === null) return NO_SINK;
  const [address = ''] = secretLines(resolve(folder, questDbFile));
  const sender = await questDbSender(address);
  const mirror = questDb({ sender, clock: liveClock, log, decimals });
  return {
    options: { mirror },
    stop: async () => {
      const unsent = await mirror.close();
      if (unsent > 0) log.warn({ unsent }, 'rows were not copied to QuestDB');
    },
  };
}
