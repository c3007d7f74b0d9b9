/** A measured line: what grows, and what it costs. */
export interface Series {
  readonly title: string;
  readonly points: readonly { readonly x: number; readonly y: number }[];
}

const WIDTH = 280;
const HEIGHT = 200;
const MARGIN = 44;

/** Each series in a panel of its own, both axes from zero: what is linear is a straight line. SVG. */
export function plotted(series: readonly Series[]): string {
  const panels = series.map((one, index) => panel(one, index * (WIDTH + MARGIN * 2)));
  const width = series.length * (WIDTH + MARGIN * 2);
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${HEIGHT + MARGIN * 2}" font-family="sans-serif" font-size="11">\n<rect width="100%" height="100%" fill="#fff"/>\n${panels.join('\n')}\n</svg>\n`;
}

function panel({ title, points }: Series, left: number): string {
  const [maxX, maxY] = [Math.max(...points.map(({ x }) => x)), Math.max(...points.map(({ y }) => y))];
  const at = ({ x, y }: Series['points'][number]): string =>
    `${round((x / maxX) * WIDTH)},${round(HEIGHT - (y / maxY) * HEIGHT)}`;
  const dots = points.map((point) => {
    const [x, y] = at(point).split(',');
    return `<circle cx="${x}" cy="${y}" r="3" fill="#06c"/>`;
  });
  return [
    `<g transform="translate(${left + MARGIN},${MARGIN})">`,
    `<text x="0" y="-16" font-weight="bold">${title}</text>`,
    `<path d="M0,0V${HEIGHT}H${WIDTH}" fill="none" stroke="#888"/>`,
    `<text x="-4" y="4" text-anchor="end">${Math.round(maxY)}</text><text x="-4" y="${HEIGHT}" text-anchor="end">0 us</text>`,
    ...points.map(
      ({ x }) => `<text x="${round((x / maxX) * WIDTH)}" y="${HEIGHT + 14}" text-anchor="middle">${x}</text>`,
    ),
    `<polyline points="0,${HEIGHT} ${points.map(at).join(' ')}" fill="none" stroke="#06c"/>`,
    ...dots,
    '</g>',
  ].join('\n');
}

const round = (value: number): number => Math.round(value * 10) / 10;
