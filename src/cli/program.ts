/** The command line: what it understands, and how it complains: in one line, never with a stack. */
import { inspect } from 'node:util';
import { Command, CommanderError, Option } from 'commander';
import { BUILT_IN_ALGORITHMS, InputError } from '../index.ts';
import { EXIT, type Io, lineTo } from './io.ts';
import { SIMULATED_MARKETS } from './market-data.ts';
import type { RunOptions } from './plan.ts';
import { run } from './run.ts';
import { oneLine } from './text.ts';
import { UNBUILT } from './unbuilt.ts';
import { NAME, version } from './version.ts';

const EXIT_CODES = `
Exit codes:
  0    every execution ended, and conservation held
  1    unexpected failure
  2    bad input: nothing was traded
  3    conservation was violated
  130  interrupted`;

const EXAMPLES = `
Examples:
  depthwalker run
  depthwalker run --seed 7 --json > result.json
  depthwalker run --market SIM-THIN-1 --count 5 --side yes --action buy
  depthwalker run --tape session.jsonl.gz --side yes --quantity 200 --limit 0.80 --json
  depthwalker run --algorithm dynamic_depth_walker:maxWalks=5,splitRatios=0.5/0.5 --db bot.db
  depthwalker run --signals signals.jsonl

A line of --signals is a signal, for example
  {"atMs":12000,"market":"SIM-LIQUID-1","outcome":"yes","action":"buy","quantity":"100",
   "limitPrice":"0.71","algorithm":{"name":"simple_limit","price":"join"}}
on one line; what it leaves out is taken from the options.

Simulated markets: ${SIMULATED_MARKETS.map(({ symbol }) => symbol).join(', ')}
Algorithms: ${BUILT_IN_ALGORITHMS.map(({ name }) => name).join(', ')}
${EXIT_CODES}`;

/** Runs one command; `argv` is without the program's own name. Gives the exit code. */
export async function runCli(argv: readonly string[], io: Io): Promise<number> {
  let code: number = EXIT.ok;
  const program = programOn(io, (given) => {
    code = given;
  });
  try {
    await program.parseAsync(argv, { from: 'user' });
    return code;
  } catch (thrown) {
    return complain(thrown, io);
  }
}

function programOn(io: Io, end: (code: number) => void): Command {
  const program = new Command(NAME)
    .description('Works trading signals in an order book, and says what it cost.')
    .version(version())
    .exitOverride()
    .configureOutput({
      writeOut: (text) => io.stdout.write(text),
      writeErr: (text) => io.stderr.write(text),
      // Said once, by `complain`.
      outputError: () => undefined,
    })
    .addHelpText('after', EXIT_CODES);
  addRun(program).action(async (options: RunOptions) => end(await run(options, io)));
  for (const { name, purpose, instead } of UNBUILT)
    program
      .command(name)
      .description(`not built yet: ${purpose}`)
      .allowUnknownOption()
      .allowExcessArguments()
      .action(() => {
        throw new InputError('this command is not built yet', name, instead);
      });
  return program;
}

const choice = (flags: string, text: string, choices: readonly string[]): Option =>
  new Option(flags, text).choices(choices);

function addRun(program: Command): Command {
  return program
    .command('run')
    .description('a paper session: on the built-in simulated exchange, or on recorded markets')
    .option('--tape <file...>', 'recorded Kalshi market data, .jsonl or .jsonl.gz')
    .option('--signals <file>', 'signals as JSON lines, instead of drawn ones')
    .option('--count <n>', 'how many signals (default: 30 simulated, 1 on a tape)')
    .option('--market <name>', 'the market (default on a tape: the one with most deltas)')
    .option('--at <seconds>', 'arrival of the first signal, after the first book', '10')
    .addOption(choice('--side <side>', 'the outcome (default on a tape: yes)', ['yes', 'no']))
    .addOption(choice('--action <action>', '(default on a tape: buy)', ['buy', 'sell']))
    .option('--quantity <contracts>', 'the target (default on a tape: 100)')
    .option('--limit <price>', 'worst price (default: 0.05 beyond the market at arrival)')
    .option('--fair-value <price>', 'what a contract is worth: no price that leaves no edge')
    .option('--time-limit <seconds>', 'how long an execution may take', '40')
    .option('--algorithm <name[:k=v,...]>', 'with its parameters')
    .option('--seed <text>', 'the same seed gives the same bytes', '1')
    .option('--db <file>', 'keep the journal there (default: in memory); continued if it exists')
    .option('--realtime', 'at the speed of the clock on the wall')
    .option('--json', 'one JSON object on stdout, nothing else')
    .option('--quiet', 'no progress on stderr')
    .addHelpText('after', EXAMPLES);
}

function complain(thrown: unknown, { stderr }: Io): number {
  if (thrown instanceof InputError) {
    lineTo(stderr, oneLine(`${NAME}: ${thrown.message}`));
    return EXIT.badInput;
  }
  if (thrown instanceof CommanderError) {
    if (thrown.exitCode === 0) return EXIT.ok;
    // Without a command the help has been shown, which says more than a line.
    if (thrown.code !== 'commander.help') {
      const text = thrown.message.replace(/^error: |\.$/g, '');
      lineTo(stderr, oneLine(`${NAME}: ${text}; see "${NAME} run --help"`));
    }
    return EXIT.badInput;
  }
  lineTo(stderr, `${NAME}: unexpected failure, please report it: ${inspect(thrown)}`);
  return EXIT.failure;
}
