/**
 * What the host learnt at an admission. It travels in the journal, since after a restart the book
 * of that moment cannot be asked again.
 */
import type { Json } from '../../domain/json.ts';
import type { Claim, ExposureLedger } from '../../ledger/exposure.ts';
import type { Arrival, ExecutionRecord } from './execution-record.ts';

export interface AdmissionNotes {
  readonly arrival: Arrival | null;
  readonly claim: Claim | null;
  /** Why the wished algorithm was left at once; null where it was not. */
  readonly fallbackReason: string | null;
}

export function notesOf(record: ExecutionRecord, ledger: ExposureLedger): Json {
  const { id, arrival, fallbackReason } = record;
  const notes: AdmissionNotes = { arrival, claim: ledger.claim(id), fallbackReason };
  return { ...notes } as unknown as Json;
}

/** As this engine wrote them; a journal of before there were notes has none. */
export const readNotes = (notes: Json | undefined): AdmissionNotes =>
  (notes ?? { arrival: null, claim: null, fallbackReason: null }) as unknown as AdmissionNotes;
