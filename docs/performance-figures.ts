import { goalText, ratioOf, type Figure } from '../bench/figures.ts'
import type { Result } from '../bench/result.ts'
import { numberText, rangeText, verdictText } from '../bench/table.ts'

/** The figures that were kept, as tables: one for each measurement, with where and how it was taken. */
export const performanceFigures = (results: readonly Result[]): string =>
  results.length === 0 ? 'Nothing was kept yet.\n' : results.map(section).join('\n')

const section = ({ measurement, takenAt, command, machine, loadGeneratorBusy, figures, notes }: Result): string => {
  const { processor, memory, system, node, placement } = machine
  const circumstances = [
    `${takenAt.slice(0, 10)}, \`${command}\``,
    [processor, memory, system, `Node ${node}`, placement].join(', '),
    `load generator ${Math.round(loadGeneratorBusy * 100)} % busy at most`,
    ...notes,
  ]
  return [
    `### ${measurement}`,
    '',
    '| what | goal | subject | median | range | to the floor | |',
    '| --- | --- | --- | ---: | ---: | ---: | --- |',
    ...figures.flatMap(rows),
    '',
    ...circumstances.map((one) => `- ${one}`),
    '',
  ].join('\n')
}

const rows = (figure: Figure): string[] =>
  figure.rows.map((row, index) => {
    const ratio = ratioOf(figure, row)
    const cells = [
      ...(index === 0 ? [`${figure.what.trim()}, ${figure.unit}`, goalText(figure)] : ['', '']),
      row.subject,
      numberText(row.median),
      rangeText(row),
      ratio === null ? '' : `${ratio.toFixed(2)} x`,
      verdictText(figure, row),
    ]
    return `| ${cells.join(' | ')} |`
  })
