import { goalText, isMet, ratioOf, type Figure, type Row } from './figures.ts'
import type { Result } from './result.ts'

/** A result for a terminal: under each figure a line for everyone who was measured. */
export const tableOf = ({ figures, notes, loadGeneratorBusy }: Result): string => {
  const lines = figures.flatMap((figure) => [
    '',
    `${figure.what}, ${figure.unit}${figure.goal === null ? '' : `   goal: ${goalText(figure)}`}`,
    ...figure.rows.map((row) => lineOf(figure, row)),
  ])
  const busy = `the load generator was ${Math.round(loadGeneratorBusy * 100)} % busy at most`
  return [...lines, '', ...[busy, ...notes].map((note) => `  ${note}`)].join('\n')
}

const lineOf = (figure: Figure, row: Row): string => {
  const ratio = ratioOf(figure, row)
  return [
    `  ${row.subject.padEnd(34)}`,
    numberText(row.median).padStart(10),
    rangeText(row).padStart(22),
    (ratio === null ? '' : `${ratio.toFixed(2)} x floor`).padStart(14),
    verdictText(figure, row),
  ].join(' ')
}

export const verdictText = (figure: Figure, row: Row): string => {
  const met = isMet(figure, row)
  return met === null ? '' : met ? 'met' : 'missed'
}

export const rangeText = ({ rounds }: Row): string =>
  rounds.length < 2 ? '' : `${numberText(Math.min(...rounds))} – ${numberText(Math.max(...rounds))}`

/** Three digits that say something, no more. */
export const numberText = (value: number): string => {
  const size = Math.abs(value)
  return value.toFixed(size >= 100 || size === 0 ? 0 : size >= 10 ? 1 : 2)
}
