/** The published schema of the configuration file, so that editors complete and check it. */
import { z } from 'zod';
import { fileOnly, profileName } from './file.ts';
import { configSchema } from './schema.ts';

/** The same sections with nothing required: what a file leaves out has its default. */
function optional(section: z.ZodObject): z.ZodObject {
  const shape = Object.entries<z.ZodType>(section.shape).map(([key, schema]) => [
    key,
    (schema instanceof z.ZodObject ? optional(schema) : schema).optional(),
  ]);
  return z.strictObject(Object.fromEntries(shape) as z.ZodRawShape);
}

const settings = optional(configSchema);

const file = settings.extend({
  $schema: fileOnly.$schema.optional(),
  profiles: z
    .record(profileName, settings)
    .optional()
    .meta({ description: 'Settings that count when a profile is chosen by its name.' }),
});

export const configJsonSchema = (): object => ({
  title: 'depthwalker.config.json',
  ...z.toJSONSchema(file),
});
