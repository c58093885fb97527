/** What a person wants to hear of while a bot runs by itself: what went wrong, what was halted. */

export const NOTICE_KINDS = ['halt', 'resumed', 'breaker', 'doubt', 'drift', 'alarm'] as const;

/**
 * 'breaker': a circuit moved; 'doubt': nobody knows whether an order stands; 'drift': the position
 * at the venue is another than ours; 'alarm': all else that should not have happened.
 */
export type NoticeKind = (typeof NOTICE_KINDS)[number];

export interface Notice {
  readonly kind: NoticeKind;
  readonly timeMs: number;
  /** Each null where it is of no one, or nobody knows. */
  readonly venue: string | null;
  readonly market: string | null;
  readonly executionId: string | null;
  /** One sentence for people. */
  readonly reason: string;
}

export type Tell = (notice: Omit<Notice, 'timeMs'>) => void;
