import type { Figure, Role, Row } from '../bench/figures.ts'
import type { Result } from '../bench/result.ts'
import { numberText } from '../bench/table.ts'

/** What the chart shows, of which measurement, if it was kept: the first figure that says so. Less is better in each. */
const panels = [
  ['memory', '10,000 sockets'],
  ['keepalive', 'keepalive'],
  ['pings', 'CPU for 1,000 pings'],
] as const

const width = 640
const labelWidth = 180
const barHeight = 18
const titleHeight = 34

/** Readable on light and on dark. */
const colours: Readonly<Record<Role, string>> = { ours: '#2f81f7', floor: '#8b949e', peer: '#b3a06a' }
const ink = '#7d8590'

/** Bars side by side for what costs are compared most often, as one SVG. */
export const performanceChart = (results: readonly Result[]): string => {
  const figures = panels.flatMap(([name, part]): Figure[] => {
    const found = results
      .find(({ measurement }) => measurement === name)
      ?.figures.find(({ what }) => what.includes(part))
    return found === undefined ? [] : [found]
  })
  let top = 0
  const drawn = figures.map((figure) => {
    const panel = panelAt(figure, top)
    top += titleHeight + figure.rows.length * barHeight
    return panel
  })
  const height = top + 10
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}"` +
      ' font-family="system-ui, sans-serif" font-size="12">',
    '<title>What a subscriber and a ping cost, of Countersign, its floor and its peers; less is better</title>',
    ...drawn,
    '</svg>',
    '',
  ].join('\n')
}

const panelAt = ({ what, unit, rows }: Figure, top: number): string => {
  const most = Math.max(...rows.map(({ median }) => median))
  const title = `<text x="0" y="${top + 22}" fill="${ink}" font-weight="600">${escaped(`${what}, ${unit}`)}</text>`
  return [title, ...rows.map((row, index) => bar(row, most, top + titleHeight + index * barHeight))].join('\n')
}

const bar = ({ subject, role, median }: Row, most: number, y: number): string => {
  const length = Math.max(1, Math.round(((width - labelWidth - 70) * median) / most))
  const middle = y + 9
  return [
    `<text x="${labelWidth - 8}" y="${middle}" text-anchor="end" fill="${ink}">${escaped(subject)}</text>`,
    `<rect x="${labelWidth}" y="${y - 3}" width="${length}" height="14" rx="2" fill="${colours[role]}"/>`,
    `<text x="${labelWidth + length + 6}" y="${middle}" fill="${ink}">${numberText(median)}</text>`,
  ].join('\n')
}

const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
