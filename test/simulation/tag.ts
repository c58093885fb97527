/** Marks our orders on an account that others trade on, too. */
export const TAG = 'sim';

export const isOurs = (clientOrderId: string): boolean => clientOrderId.startsWith(`${TAG}-`);
