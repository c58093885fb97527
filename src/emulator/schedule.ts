/** When the venue trades: always, but for two hours of maintenance on Thursdays. */

const NEW_YORK = new Intl.DateTimeFormat('en-US', {
  timeZone: 'America/New_York',
  weekday: 'short',
  hour: '2-digit',
  hourCycle: 'h23',
});

/** Thursdays, from 3 to 5 in the morning of New York. */
export function isWeeklyPause(timeMs: number): boolean {
  const parts = NEW_YORK.formatToParts(timeMs);
  const partOf = (type: string): string => parts.find((part) => part.type === type)?.value ?? '';
  const hour = Number(partOf('hour'));
  return partOf('weekday') === 'Thu' && hour >= 3 && hour < 5;
}

const ALL_DAY = [{ open_time: '00:00', close_time: '00:00' }];

export const SCHEDULE = {
  standard_hours: [
    {
      start_time: '2024-12-01T00:00:00Z',
      end_time: '2200-12-01T00:00:00Z',
      monday: ALL_DAY,
      tuesday: ALL_DAY,
      wednesday: ALL_DAY,
      thursday: [
        { open_time: '00:00', close_time: '03:00' },
        { open_time: '05:00', close_time: '00:00' },
      ],
      friday: ALL_DAY,
      saturday: ALL_DAY,
      sunday: ALL_DAY,
    },
  ],
  maintenance_windows: [],
};
