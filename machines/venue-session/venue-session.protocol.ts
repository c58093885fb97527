/** All that is said to the connection to one venue. */

export interface SessionContext {
  /** Losses since a connection was steady: what the pause before the next one grows by. */
  readonly failures: number;
  /** Why there is no connection; null while there is nothing to complain of. */
  readonly reason: string | null;
  /** When it is tried again; null while nothing waits. */
  readonly retryAtMs: number | null;
  /** Comparisons with the account that were begun: only the latest one counts. */
  readonly round: number;
}

/** The connection is gone; the pause, with its jitter, was drawn outside. */
export interface Loss {
  readonly reason: string;
  readonly retryAtMs: number;
}

export type SessionEvent =
  | { readonly type: 'session.open' }
  | { readonly type: 'session.close' }
  | { readonly type: 'socket.opened' }
  | { readonly type: 'session.authenticated' }
  /** The venue acknowledged every channel that was asked for. */
  | { readonly type: 'session.subscribed' }
  /** The account was compared by calls, since no private stream is ever replayed. */
  | { readonly type: 'session.reconciled'; readonly round: number }
  /** It has been live for a while. */
  | { readonly type: 'session.steady' }
  /** The venue gave up a subscription: its buffer ran over. */
  | { readonly type: 'subscription.lost' }
  /** A message about books is missing; a new snapshot mends that. */
  | { readonly type: 'books.gapped' }
  /** A message that no snapshot repeats is missing. */
  | { readonly type: 'news.missed' }
  | ({ readonly type: 'socket.lost' } & Loss)
  /** No sign of life for too long. */
  | ({ readonly type: 'socket.silent' } & Loss)
  /** The venue does not accept who we say we are. */
  | ({ readonly type: 'session.refused' } & Loss)
  | { readonly type: 'retry.due'; readonly atMs: number }
  | { readonly type: 'exchange.paused' }
  | { readonly type: 'exchange.resumed' };
