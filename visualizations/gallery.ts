/** The page that shows all charts, as Markdown. */
import type { ChartModel } from './chart-model.ts';

const INTRODUCTION = `# Charts

Drawn from the machines in \`machines/\` by \`npm run charts\`; a test fails when one is stale.
The JSON beside each picture is the chart as data.

How to read them:

- A filled dot is a beginning; a ring, a state that a row of the box around it leads to (\`→\`).
- A row (\`•\`) holds in every state of its box and leaves none, unless it says where to.
  \`↻\` enters its state again.
- Blue is an event, orange a timer, red an error, green an actor that runs or is done.
- \`[purple]\` is a guard; \`[else]\`, no guard of that event held. After a slash: what is done.
- A double green border rests for ever. Dashed boxes are active together. A chip is a tag.
`;

/** Without its ending: `splitOrder` is drawn in `charts/split-order`. */
export const chartPath = (id: string): string =>
  `charts/${id.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;

export function gallery(models: readonly ChartModel[]): string {
  const sections = models.map((model) => {
    const top = model.nodes.filter(({ parent }) => parent === model.id).map(({ name }) => name);
    const about = model.nodes[0]?.description ?? `${top.join(', ')}.`;
    return `## ${model.id}\n\n${about}\n\n![${model.id}](${chartPath(model.id)}.svg)\n`;
  });
  return [INTRODUCTION, ...sections].join('\n');
}
