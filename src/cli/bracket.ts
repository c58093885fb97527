/** `depthwalker bracket`: the same signals on recordings, in each mode of the fill model. */
import { type BracketOptions, contestantsOf, type Heat, heatsOn, tapesOf } from './bracket-plan.ts';
import { jsonOf, LEGEND, tablesOf, titleOf, type WorkedTape } from './bracket-report.ts';
import { EXIT, emphasized, type Io, lineTo, SILENT } from './io.ts';
import { type LogLevel, logOn } from './progress.ts';
import { type Quality, qualityOf } from './report.ts';
import { runSession, type SessionOutcome } from './session.ts';
import { settingsOf } from './settings.ts';

/** Gives the exit code; what has been printed stays true, whatever happens later. */
export async function bracket(options: BracketOptions, io: Io): Promise<number> {
  const { config } = settingsOf(options, io);
  const contestants = contestantsOf(options, config);
  const files = tapesOf(options);
  const { stdout } = io;
  const course = new Course(io, options.quiet === true, config.log.level);
  const tapes: WorkedTape[] = [];
  for (const [index, file] of files.entries()) {
    course.tell(`tape ${index + 1} of ${files.length}: reading ${file}`);
    const tape = await course.work(file, heatsOn(file, contestants, options, config));
    if (tape === null) break;
    tapes.push(tape);
    if (options.json) continue;
    lineTo(stdout, `${emphasized(stdout, titleOf(tape))}\n${tablesOf([tape])}\n`);
  }
  const { interrupted, conservation } = course;
  if (options.json) lineTo(stdout, jsonOf({ config, tapes, conservation, interrupted }));
  else {
    if (tapes.length > 1)
      lineTo(stdout, `${emphasized(stdout, `All ${tapes.length} tapes`)}\n${tablesOf(tapes)}\n`);
    if (tapes.length > 0) lineTo(stdout, LEGEND);
  }
  if (conservation.violations > 0) return EXIT.notConserved;
  return interrupted ? EXIT.interrupted : EXIT.ok;
}

/** The sessions of a bracket, one after the other, until somebody interrupts. */
class Course {
  interrupted = false;
  readonly #io: Io;
  readonly #isQuiet: boolean;
  readonly #level: LogLevel;
  #conservation = { checked: 0, violations: 0 };
  #withdraw: () => void = () => undefined;

  constructor(io: Io, isQuiet: boolean, level: LogLevel) {
    this.#io = io;
    this.#isQuiet = isQuiet;
    this.#level = level;
    io.onInterrupt?.(() => {
      lineTo(io.stderr, 'interrupted: the tape at work is left out; again to stop at once');
      this.interrupted = true;
      this.#withdraw();
    });
  }

  get conservation(): { readonly checked: number; readonly violations: number } {
    return this.#conservation;
  }

  tell(text: string): void {
    lineTo(this.#isQuiet ? SILENT : this.#io.stderr, text);
  }

  /** Null where it was interrupted: half of a tape compares nothing. */
  async work(file: string, heats: readonly Heat[]): Promise<WorkedTape | null> {
    const qualities: Quality[] = [];
    for (const [index, heat] of heats.entries()) {
      if (this.interrupted) return null;
      this.tell(`  session ${index + 1} of ${heats.length}: ${heat.mode}, ${heat.title}`);
      const outcome = await this.#run(heat);
      for (const result of outcome.results) {
        const algorithm = heat.label ?? result.algorithm;
        qualities.push({ ...qualityOf(result), algorithm, liquidityCategory: heat.mode });
      }
    }
    const [first] = heats;
    if (this.interrupted || first === undefined) return null;
    const { markets, signals, data } = first.plan;
    for (const note of data.assumptions(markets)) this.tell(`  assumed: ${note}`);
    const isContest = first.label !== null;
    return { file, markets, signals: signals.length, qualities, isContest };
  }

  async #run({ plan }: Heat): Promise<SessionOutcome> {
    const outcome = await runSession(plan, {
      log: logOn(this.#io.stderr, this.#level),
      onUpdate: () => undefined,
      onInterrupt: (withdraw) => {
        this.#withdraw = withdraw;
      },
    });
    const { checked, violations, shown } = outcome.conservation;
    this.#conservation = {
      checked: this.#conservation.checked + checked,
      violations: this.#conservation.violations + violations,
    };
    for (const violation of shown) lineTo(this.#io.stderr, `violated: ${violation}`);
    return outcome;
  }
}
