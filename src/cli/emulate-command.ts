/** `depthwalker emulate`: its options, and its help with every fault that it can script. */
import { type Command, Option } from 'commander';
import { FAULT_NAMES, FAULTS } from '../emulator/faults.ts';

const faultLines = FAULT_NAMES.map((name) => {
  const { kind, text } = FAULTS[name];
  return `  ${name.padEnd(20)}${kind.padEnd(7)}${text}`;
});

const HELP = `
Examples:
  depthwalker emulate kalshi
  depthwalker emulate kalshi --tape session.jsonl.gz --speed 10 --log venue.jsonl
  depthwalker emulate kalshi --faults lost-response,socket-closed --seed 7
  depthwalker emulate kalshi --faults rate-limit-storm=0.5,error-after=1

When it is ready it writes one line of JSON:
  {"restUrl":...,"wsUrl":...,"keyId":...,"privateKeyFile":...}
The key is new, and its file is gone when the emulator ends. It listens on 127.0.0.1 alone, and
what is traded there is traded nowhere else. Own orders fill as on the paper venue.

Faults, by name or as name=share: of the calls (0.1 unless given), of the time of each 30 s in which
a state holds (0.2), of the half minutes in which an event happens (1). 1 is always.
${faultLines.join('\n')}

Exit codes:
  0    ended by Ctrl-C
  2    bad input, or the port is in use: nothing was started`;

export const addEmulate = (program: Command): Command =>
  program
    .command('emulate')
    .description('a local server that speaks like a venue: for trying a bot, whatever goes wrong')
    .argument('<venue>', 'kalshi')
    .option('--port <n>', 'on 127.0.0.1 (default: any that is free)')
    .option('--tape <file...>', 'its markets are recorded ones, .jsonl or .jsonl.gz')
    .addOption(
      new Option('--simulate', 'its markets are simulated ones (the default)').conflicts('tape'),
    )
    .option('--speed <factor>', 'how fast the markets move (default: 1)')
    .option('--faults <name[=share],...>', 'what goes wrong; see below')
    .option('--seed <text>', 'simulated markets, ids and faults (default: 1)')
    .option('--accounts <n>', 'keys, each with an account of its own (default: 1)')
    .option('--balance <dollars>', 'of each account (default: 10000)')
    .addOption(new Option('--key <kind>', 'of the keys (default: rsa)').choices(['rsa', 'ed25519']))
    .option('--log <file>', 'every order event and fill, as JSON lines')
    .addHelpText('after', HELP);
