import { useLingui } from '@lingui/react/macro';

const PLACES: Record<string, [number, number]> = {
  follows: [12, 96],
  pending: [12, 46],
  running: [172, 46],
  completed: [352, 8],
  cancelled: [352, 46],
  dead_letter: [352, 84],
};
const WIDTH = 110;
const HEIGHT = 28;

/** The life of a task as a picture, with the place where this one is. */
export function StateDiagram({ status }: { status: string }) {
  const { t } = useLingui();
  const names: Record<string, string> = { follows: t`waits for others`, pending: t`waiting`, running: t`running`, completed: t`completed`, cancelled: t`cancelled`, dead_letter: t`dead letter` };
  const now = names[status] ?? status;
  return (
    <svg className="diagram" viewBox="0 0 474 132" role="img" aria-label={t`The task is: ${now}`}>
      <path d="M122 60h46M282 56c30-4 40-30 66-33M282 60h66M282 64c30 4 40 30 66 33M226 46c0-40-160-40-160-4M67 96v-18" fill="none" stroke="currentColor" strokeWidth="1.2" opacity=".55" />
      {Object.entries(PLACES).map(([name, [x, y]]) => (
        <g key={name} className={name === status ? 'here' : undefined}>
          <rect x={name === 'follows' ? 1 : x} y={y} width={name === 'follows' ? WIDTH + 2 * (x - 1) : WIDTH} height={HEIGHT} rx="14" />
          <text x={x + WIDTH / 2} y={y + 19} textAnchor="middle">
            {names[name]}
          </text>
        </g>
      ))}
    </svg>
  );
}
