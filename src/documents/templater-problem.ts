import { z } from 'zod';

const single = z.object({ properties: z.object({ explanation: z.string(), xtag: z.string().optional(), context: z.string().optional() }) });
const several = z.object({ properties: z.object({ errors: z.array(single).min(1) }) });

/** What docxtemplater or the zip reader found, in plain words: each wrong tag with its cause. */
export function templaterProblem(error: unknown): string {
  const many = several.safeParse(error);
  const problems = many.success ? many.data.properties.errors : [error];
  return problems.map((problem) => {
    const known = single.safeParse(problem);
    if (!known.success) return `the template is not a Word file (${error instanceof Error ? error.message : 'unknown cause'}).`;
    const { explanation, xtag } = known.data.properties;
    return xtag === undefined || explanation.includes(xtag) ? explanation : `tag {${xtag}}: ${explanation}`;
  }).join('; ');
}
