/** The command line: what it understands, and how it complains: in one line, never with a stack. */
import { inspect } from 'node:util';
import { Command, CommanderError } from 'commander';
import { ConfigError } from '../config/config-error.ts';
import { InputError } from '../index.ts';
import { KalshiError } from '../venues/kalshi/venue.ts';
import { bracket } from './bracket.ts';
import type { BracketOptions } from './bracket-plan.ts';
import { addBracket, addConfig, addRun, EXIT_CODES } from './commands.ts';
import { type EchoOptions, echoConfig } from './config.ts';
import { type EmulateOptions, emulate } from './emulate.ts';
import { addEmulate } from './emulate-command.ts';
import { type HaltCommandOptions, halt, type ResumeCommandOptions, resume } from './halt.ts';
import { addHalt, addResume, addStatus } from './halt-commands.ts';
import { EXIT, type Io, lineTo } from './io.ts';
import { live } from './live.ts';
import type { LiveOptions } from './live-settings.ts';
import type { RunOptions } from './plan.ts';
import { type RecordCommandOptions, recordCommand } from './record.ts';
import { addRecord } from './record-command.ts';
import { run } from './run.ts';
import { serveCommand } from './serve.ts';
import { addServe } from './serve-command.ts';
import type { ServeCommandOptions } from './serve-source.ts';
import { type StatusOptions, status } from './status.ts';
import { oneLine } from './text.ts';
import { UNBUILT } from './unbuilt.ts';
import { NAME, version } from './version.ts';

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
    return complain(thrown, io, argv[0]);
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
  addRun(program).action(async (options: RunOptions & LiveOptions) =>
    end(await (options.live === undefined ? run(options, io) : live(options, io))),
  );
  addBracket(program).action(async (options: BracketOptions) => end(await bracket(options, io)));
  addConfig(program).action((options: EchoOptions) => end(echoConfig(options, io)));
  addHalt(program).action(async (options: HaltCommandOptions) => end(await halt(options, io)));
  addResume(program).action(async (options: ResumeCommandOptions) =>
    end(await resume(options, io)),
  );
  addStatus(program).action((options: StatusOptions) => end(status(options, io)));
  addServe(program).action(async (options: ServeCommandOptions) =>
    end(await serveCommand(options, io)),
  );
  addRecord(program).action(async (options: RecordCommandOptions) =>
    end(await recordCommand(options, io)),
  );
  addEmulate(program).action(async (venue: string, options: EmulateOptions) =>
    end(await emulate(venue, options, io)),
  );
  addUnbuilt(program);
  return program;
}

function addUnbuilt(program: Command): void {
  for (const { name, purpose, instead } of UNBUILT)
    program
      .command(name)
      .description(`not built yet: ${purpose}`)
      .allowUnknownOption()
      .allowExcessArguments()
      .action(() => {
        throw new InputError('this command is not built yet', name, instead);
      });
}

/** Once a session has begun, it keeps what the venue does not answer to itself. */
const ANSWERS = 'the venue must answer for a session to begin';
const UNSENT = 'nothing was sent; try it later';

const BUILT = 'run bracket config halt resume status serve emulate record'.split(' ');

function complain(thrown: unknown, io: Io, command = ''): number {
  const { stderr } = io;
  if (thrown instanceof ConfigError) {
    const [first = '', ...rest] = thrown.message.split('\n').map(oneLine);
    lineTo(stderr, [`${NAME}: ${first}`, ...rest].join('\n  '));
    return EXIT.badInput;
  }
  if (thrown instanceof KalshiError)
    return complain(new InputError(ANSWERS, thrown.message, UNSENT), io, command);
  if (thrown instanceof InputError) {
    lineTo(stderr, oneLine(`${NAME}: ${thrown.message}`));
    return EXIT.badInput;
  }
  if (thrown instanceof CommanderError) {
    if (thrown.exitCode === 0) return EXIT.ok;
    // Without a command the help has been shown, which says more than a line.
    if (thrown.code !== 'commander.help') {
      const helpful = BUILT.includes(command) ? command : 'run';
      const text = thrown.message.replace(/^error: |\.$/g, '');
      lineTo(stderr, oneLine(`${NAME}: ${text}; see "${NAME} ${helpful} --help"`));
    }
    return EXIT.badInput;
  }
  lineTo(stderr, `${NAME}: unexpected failure, please report it: ${inspect(thrown)}`);
  return EXIT.failure;
}
