/**
 * Stopping and going on again, as a person or the engine itself asks for it: the halts that stand,
 * what each of them withdraws, and the way back by reconciliation.
 */
import type { ActorRefFrom } from 'xstate';
import type { engineMachine } from '../../../machines/engine/engine.machine.ts';
import { InputError, invariant } from '../../domain/errors.ts';
import {
  type Halt,
  type HaltPlace,
  type HaltReport,
  type HaltScope,
  isGlobal,
  isSameScope,
  scopeName,
} from '../../domain/halts.ts';
import type { Tell } from '../../domain/notice.ts';
import type { Clock, Log } from '../../domain/ports.ts';
import type { Store } from '../../domain/records.ts';
import type { Runtime } from '../runtime.ts';
import { HaltDesk } from './halt-desk.ts';
import { Withdrawal } from './withdrawal.ts';

export interface HaltOptions extends HaltScope {
  /** Who halts; 'bot' unless given. */
  readonly actor?: string;
  /** Cancel all that rests at the account, orders of other programs too. */
  readonly everything?: boolean;
}

export interface ResumeOptions extends HaltScope {
  readonly actor: string;
  readonly reason: string;
}

export interface HaltsOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  readonly tell: Tell;
  readonly life: ActorRefFrom<typeof engineMachine>;
  /** Resolves when what these venues know was compared with what we know. */
  readonly reconciled: (runtimes: readonly Runtime[]) => Promise<void>;
}

export class Halts {
  readonly #options: HaltsOptions;
  readonly #desk: HaltDesk;
  readonly #withdrawals = new Map<string, Withdrawal>();
  /** Null until there is something to withdraw. */
  #runtimes: readonly Runtime[] | null = null;
  #isStopped = false;

  constructor(options: HaltsOptions) {
    const { store, clock, log } = options;
    this.#options = options;
    this.#desk = new HaltDesk({
      store,
      clock,
      log,
      onHalt: (halt) => {
        this.#withdraw(halt);
        // Its cancels go before the news of it.
        this.#tell('halt', halt.scope, `halted ${nameOf(halt)}`);
      },
      onResume: (scope) => this.#goOn(scope),
    });
  }

  get standing(): readonly Halt[] {
    return this.#desk.standing;
  }

  /** Once the engine's other parts stand. */
  begin(runtimes: readonly Runtime[]): void {
    this.#runtimes = runtimes;
    this.#desk.begin();
    this.#tellRisk();
  }

  reasonFor(place: HaltPlace | null): string | null {
    return this.#desk.reasonFor(place);
  }

  /** By the engine itself. Never throws; what is halted already is only logged. */
  raise(reason: string, scope: HaltScope = {}): void {
    const isHalted = this.standing.some((halt) => isSameScope(halt.scope, scope));
    if (this.#isStopped || isHalted)
      this.#options.log.error({ scope: scopeName(scope), reason }, 'halted already');
    else this.#desk.halt({ scope, reason, actor: 'engine', everything: false });
  }

  /** Throws an `InputError` for a scope that nothing here is in; all else it takes. */
  halt(reason: string, given: HaltOptions = {}): Promise<HaltReport> {
    const { actor = 'bot', everything = false } = given;
    const scope = scopeOf(given);
    const isNarrow = scope.market !== undefined || scope.execution !== undefined;
    if (everything && isNarrow)
      throw new InputError('everything is of a venue or of all', scopeName(scope), 'leave it out');
    if (!this.#isKnown(scope))
      throw new InputError('what is halted is traded here', scopeName(scope), 'see instruments()');
    const terms = { scope, actor, everything, reason: reason || 'no reason' };
    if (this.#isStopped) return Promise.resolve(nothingOf({ ...terms, id: '' }, true));
    const { id } = this.#desk.halt(terms);
    const withdrawal = this.#withdrawals.get(id);
    invariant(withdrawal !== undefined, 'a halt withdraws', id);
    return withdrawal.report;
  }

  /** Throws an `InputError` where nobody says who and why, or where nothing is halted. */
  async resume(given: ResumeOptions): Promise<void> {
    const { actor, reason } = given;
    for (const [name, text] of Object.entries({ actor, reason }))
      if (typeof text !== 'string' || text.trim() === '')
        throw new InputError(`a resumption names its ${name}`, text, `give "${name}"`);
    if (this.#options.life.getSnapshot().hasTag('final'))
      throw new InputError('a running engine is resumed', 'stopped', 'start a new engine');
    await this.#desk.resume({ scope: scopeOf(given), actor, reason });
  }

  /** When every halt has been reported on. */
  async reported(): Promise<void> {
    await Promise.all([...this.#withdrawals.values()].map(({ report }) => report));
  }

  /** Says of each halt what is known, and hears of no more. */
  stop(): void {
    for (const withdrawal of this.#withdrawals.values()) withdrawal.stop();
    this.#desk.stop();
    this.#isStopped = true;
  }

  #withdraw(halt: Halt): void {
    const { life, clock, log } = this.#options;
    const { id, scope, reason, actor } = halt;
    if (isGlobal(scope)) life.send({ type: 'engine.halt', reason });
    log.error({ scope: scopeName(scope), actor, reason }, 'halted');
    if (this.#runtimes === null) return;
    if (!this.#isKnown(scope)) {
      log.error({ scope: scopeName(scope) }, 'nothing here is called as this halt says');
      this.#desk.answer(nothingOf(halt, false));
      return;
    }
    const runtimes = this.#runtimes.filter((runtime) => concerns(runtime, scope));
    const told = (report: HaltReport): void => {
      this.#desk.answer(report);
      if (report.proven) this.#withdrawals.delete(id);
      else this.#tell('halt', scope, unproven(report));
    };
    this.#withdrawals.set(id, new Withdrawal({ halt, clock, log, told, runtimes }));
    this.#tellRisk();
  }

  /** Nothing is sent until the venues were asked: much may have happened meanwhile. */
  async #goOn(scope: HaltScope): Promise<void> {
    const { life, log, reconciled } = this.#options;
    const runtimes = this.#runtimes ?? [];
    for (const [id, withdrawal] of this.#withdrawals)
      if (isSameScope(withdrawal.scope, scope)) {
        withdrawal.stop();
        this.#withdrawals.delete(id);
      }
    if (isGlobal(scope)) life.send({ type: 'engine.resume' });
    await reconciled(runtimes.filter((runtime) => concerns(runtime, scope)));
    if (isGlobal(scope)) life.send({ type: 'engine.reconciled' });
    this.#tellRisk();
    log.warn({ scope: scopeName(scope) }, 'resumed');
    this.#tell('resumed', scope, `resumed: ${scopeName(scope)}`);
  }

  #tell(kind: 'halt' | 'resumed', scope: HaltScope, reason: string): void {
    const { venue = null, market = null, execution = null } = scope;
    this.#options.tell({ kind, venue, market, executionId: execution, reason });
  }

  /** What is halted is shut in the charts, too; it is halted whatever they say. */
  #tellRisk(): void {
    try {
      for (const { risk } of this.#runtimes ?? []) risk.noteHalts(this.standing);
    } catch (thrown) {
      this.#options.log.error({ thrown }, 'the breakers did not take a halt');
    }
  }

  /** Whoever mistypes a name would believe to have halted. */
  #isKnown(scope: HaltScope): boolean {
    return isGlobal(scope) || (this.#runtimes ?? []).some((runtime) => isPart(runtime, scope));
  }
}

const nameOf = ({ scope, actor, reason }: Halt): string =>
  `(${scopeName(scope)}) by ${actor}: ${reason}`;

const unproven = ({ scope, residual }: HaltReport): string =>
  `the halt (${scope}) is not proven: ${residual.length} orders may still be filled`;

const nothingOf = (
  { id, scope, reason }: Pick<Halt, 'id' | 'scope' | 'reason'>,
  known: boolean,
): HaltReport => {
  const nothing = { seconds: 0, cancelled: 0, residual: [], proven: false };
  return { id, scope: scopeName(scope), reason, ...nothing, known };
};

const concerns = ({ options: { venue } }: Runtime, scope: HaltScope): boolean =>
  scope.venue === undefined || scope.venue === venue.name;

function isPart(runtime: Runtime, scope: HaltScope): boolean {
  const { store, instruments } = runtime.options;
  const { market, execution } = scope;
  const isOurs = (id: string): boolean =>
    runtime.records.has(id) ||
    runtime.intake.waiting.some((record) => record.id === id) ||
    isStored(store, id);
  return (
    concerns(runtime, scope) &&
    (market === undefined || instruments.some(({ symbol }) => symbol === market)) &&
    (execution === undefined || isOurs(execution))
  );
}

/** A store that cannot be read keeps nobody from halting. */
function isStored(store: Store, executionId: string): boolean {
  try {
    return store.execution(executionId) !== null;
  } catch {
    return true;
  }
}

const scopeOf = ({ venue, market, execution }: HaltScope): HaltScope => ({
  ...(venue === undefined ? {} : { venue }),
  ...(market === undefined ? {} : { market }),
  ...(execution === undefined ? {} : { execution }),
});
