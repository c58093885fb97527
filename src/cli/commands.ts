/** The commands that work: their options, and their help with examples. */
import { type Command, Option } from 'commander';
import { configSchema } from '../config/schema.ts';
import { BUILT_IN_ALGORITHMS } from '../index.ts';
import { FILL_MODES } from '../venues/paper/venue.ts';
import { LIVE_VENUES } from './live-settings.ts';
import { SIMULATED_MARKETS } from './market-data.ts';

export const EXIT_CODES = `
Exit codes:
  0    every execution ended, and conservation held
  1    unexpected failure
  2    bad input: nothing was traded
  3    conservation was violated
  5    halted: not all was traded
  130  interrupted`;

const ALGORITHMS = `Algorithms: ${BUILT_IN_ALGORITHMS.map(({ name }) => name).join(', ')}`;

const RUN_HELP = `
Examples:
  depthwalker run
  depthwalker run --seed 7 --json > result.json
  depthwalker run --market SIM-THIN-1 --count 5 --side yes --action buy
  depthwalker run --tape session.jsonl.gz --side yes --quantity 200 --limit 0.80 --json
  depthwalker run --tape session.jsonl.gz --fill-model conservative
  depthwalker run --algorithm dynamic_depth_walker:maxWalks=5,splitRatios=0.5/0.5 --db bot.db
  depthwalker run --config bot.config.json --profile fast --signals signals.jsonl
  depthwalker run --live kalshi --env demo --config kalshi.config.json --db demo.db --signals -

A line of --signals is a signal, for example
  {"atMs":12000,"market":"SIM-LIQUID-1","outcome":"yes","action":"buy","quantity":"100",
   "limitPrice":"0.71","algorithm":{"name":"simple_limit","price":"join"}}
on one line; what it leaves out is taken from the options.

--live sends real orders. It wants every limit in the configuration, with the list of markets, a
journal (--db), venues.kalshi.keyId and venues.kalshi.privateKeyFile, and for --env prod the word
CONFIRM. Signals come from a file or, with -, from stdin; each has a signalId, and is executed once,
after a crash too. The first Ctrl-C withdraws what is open and proves it; a second one stops.

Options go before environment variables, these before the profile, that before the file:
see "depthwalker config --help".

Simulated markets: ${SIMULATED_MARKETS.map(({ symbol }) => symbol).join(', ')}
${ALGORITHMS}
${EXIT_CODES}`;

const BRACKET_HELP = `
Examples:
  depthwalker bracket --tape session.jsonl.gz
  depthwalker bracket --tape monday.jsonl.gz tuesday.jsonl.gz \\
    --algorithm dynamic_depth_walker --algorithm simple_limit:price=join
  depthwalker bracket --tape session.jsonl.gz --count 20 --time-limit 30 --json

A recording does not tell where in the queue a cancelled order stood, so that a fill model has to
guess. The same signals are worked under the least favourable guess, the usual one and the most
favourable one. Where two algorithms change places between them, the recording cannot tell which of
the two is cheaper: their ranking is not identified.

The signals follow one another, buying YES and NO in turn unless --side says one; without --count
there are as many as end within the recording.

${ALGORITHMS}
${EXIT_CODES}`;

const CONFIG_HELP = `
Examples:
  depthwalker config
  depthwalker config --profile fast --json
  depthwalker config --check --config bot.config.json
  depthwalker config --schema > depthwalker.schema.json
  DEPTHWALKER__LIMITS__MAX_ORDER_QUANTITY=500 depthwalker config

Settings come from, the later going before the earlier:
  1. the defaults
  2. depthwalker.config.json, or the file of --config
  3. its profile ("profiles": {"fast": {...}}) of --profile or DEPTHWALKER__PROFILE
  4. environment variables, after those in .env: DEPTHWALKER__SECTION__KEY, two underscores
     between the names, and MAX_ORDER_QUANTITY for maxOrderQuantity
  5. options of the command

Sections: ${Object.keys(configSchema.shape).join(', ')}
A secret is never a setting: privateKeyFile names the file that holds it.

Exit codes:
  0    the configuration is good
  2    it is not: every error was listed`;

const choice = (flags: string, text: string, choices: readonly string[]): Option =>
  new Option(flags, text).choices(choices);

const withConfig = (command: Command): Command =>
  command
    .option('--config <file>', 'settings (default: depthwalker.config.json where there is one)')
    .option('--profile <name>', 'one of the profiles in that file');

/** What a signal is and when it comes: the same for all that work signals. */
const withSignals = (command: Command): Command =>
  withConfig(command)
    .option('--signals <file>', 'signals as JSON lines, instead of drawn ones')
    .option('--market <name>', 'the market (default on a tape: the one with most deltas)')
    .option('--at <seconds>', 'arrival of the first signal, after the first book (default: 10)')
    .addOption(choice('--side <side>', 'the outcome (default on a tape: yes)', ['yes', 'no']))
    .addOption(choice('--action <action>', '(default on a tape: buy)', ['buy', 'sell']))
    .option('--quantity <contracts>', 'the target (default on a tape: 100)')
    .option('--limit <price>', 'worst price (default: 0.05 beyond the market at arrival)')
    .option('--fair-value <price>', 'what a contract is worth: no price that leaves no edge')
    .option('--time-limit <seconds>', 'how long an execution may take (default: 40)')
    .option('--seed <text>', 'the same seed gives the same bytes (default: 1)')
    .option('--json', 'one JSON object on stdout, nothing else')
    .option('--quiet', 'no progress on stderr');

export function addRun(program: Command): Command {
  const command = program
    .command('run')
    .description('work signals: on the built-in simulated exchange, on recorded markets, or live')
    .option('--tape <file...>', 'recorded Kalshi market data, .jsonl or .jsonl.gz')
    .option('--count <n>', 'how many signals (default: 30 simulated, 1 on a tape)');
  return withSignals(command)
    .option('--algorithm <name[:k=v,...]>', 'with its parameters')
    .addOption(
      choice(
        '--fill-model <mode>',
        'what cancels do to our place (default: probabilistic)',
        FILL_MODES,
      ),
    )
    .option('--db <file>', 'keep the journal there (default: in memory); continued if it exists')
    .option('--realtime', 'at the speed of the clock on the wall')
    .addOption(choice('--live <venue>', 'real orders there, instead of paper', LIVE_VENUES))
    .addOption(choice('--env <name>', 'of --live: mock funds, or real money', ['demo', 'prod']))
    .option('--confirm <word>', 'of --env prod: CONFIRM, where nobody can be asked')
    .addHelpText('after', RUN_HELP);
}

const collected = (value: string, before: readonly string[] = []): readonly string[] => [
  ...before,
  value,
];

export function addBracket(program: Command): Command {
  const command = program
    .command('bracket')
    .description('the same signals under three fill models: what a recording can tell')
    .requiredOption('--tape <file...>', 'recordings, .jsonl or .jsonl.gz, worked one by one')
    .option('--count <n>', 'how many signals (default: as many as end within the recording)');
  return withSignals(command)
    .option(
      '--algorithm <name[:k=v,...]>',
      'with its parameters; may be repeated (default: dynamic_depth_walker)',
      collected,
    )
    .addHelpText('after', BRACKET_HELP);
}

export function addConfig(program: Command): Command {
  const command = program
    .command('config')
    .description('the settings that count, and where each comes from');
  return withConfig(command)
    .option('--json', 'settings and sources as one JSON object')
    .option('--schema', 'the JSON schema of the file instead')
    .option('--check', 'only say whether it is good')
    .addHelpText('after', CONFIG_HELP);
}
